/** What the HTTP answer of a model call said, before an SDK made a sentence of it. */
export interface HttpFacts {
  status?: number;
  retryAfterMs?: number;
}

/** Notes status and wait of every answer; adapters fold them into a sentence that differs from SDK to SDK. */
export function observed(base: typeof globalThis.fetch, http: HttpFacts): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await base(input, init);
    noteAnswer(http, response);
    return response;
  };
}

/** The same for an adapter that reports its answers. */
export function noteAnswer(
  http: HttpFacts,
  { status, headers }: { status: number; headers: Headers | Record<string, string> },
): void {
  http.status = status;
  const wait = retryAfter(headers instanceof Headers ? headers : new Headers(headers));
  if (wait !== undefined) http.retryAfterMs = wait;
}

function retryAfter(headers: Headers): number | undefined {
  const milliseconds = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return milliseconds;
  const text = headers.get("retry-after");
  if (!text) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds * 1000;
  const until = Date.parse(text) - Date.now();
  return Number.isFinite(until) ? Math.max(0, until) : undefined;
}
