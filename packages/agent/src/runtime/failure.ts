import { OpenClawError } from "@openclaw/core";

const KINDS = [
  "auth",
  "billing",
  "rate-limit",
  "overloaded",
  "timeout",
  "network",
  "context-overflow",
  "format",
  "not-found",
  "server",
  "garbled",
  "unknown",
] as const;

/** Why a model call failed, as far as we act on it. */
export type FailureKind = (typeof KINDS)[number];

export interface Failure {
  kind: FailureKind;
  /** HTTP status, when the provider answered. */
  status?: number;
  /** What the provider said, shortened and without secrets. For logs and `--json`. */
  detail: string;
  /** The provider asked to wait this long. */
  retryAfterMs?: number;
}

const OVERFLOW =
  /prompt (?:is )?too long|request_too_large|context[_ ]length[_ ]exceeded|exceeds? the (?:available )?context (?:window|size)|maximum (?:context|prompt) length|input (?:token count|length).{0,60}exceeds|greater than the context length|context window exceeds|too many tokens|token limit exceeded|reduce the length of the messages|longer than the model'?s context/i;
const BILLING =
  /insufficient_quota|billing|credit balance|out of (?:budget|credits)|payment required|insufficient (?:funds|balance|credits)/i;
const OVERLOADED = /overloaded|high demand|at capacity|server is busy/i;
const RATE_LIMIT = /rate.?limit|too many requests|quota exceeded|resource.?exhausted/i;
const AUTH =
  /invalid (?:x-)?api[- ]?key|incorrect api key|api key not valid|authentication|unauthori[sz]ed|permission[_ ]denied|no api key/i;
const TIMEOUT = /timed? ?out|timeout|etimedout|deadline/i;
const NETWORK =
  /connection error|fetch failed|econnre(?:set|fused)|enotfound|eai_again|socket|other side closed|terminated|network|premature close|und_err/i;
const GARBLED =
  /unexpected token|not valid json|json|stream ended|without finish_reason|before message_stop|before terminal|unexpected end|malformed|without any (?:events|data)|missing/i;

/** Sorts what a provider adapter reported. `status` and `retryAfterMs` come from the HTTP answer when it was seen. */
export function classifyFailure(message: string, http: { status?: number; retryAfterMs?: number } = {}): Failure {
  const status = (http.status ?? 200) >= 400 ? http.status : statusIn(message);
  const retryAfterMs = http.retryAfterMs ?? delayIn(message);
  return {
    kind: kindOf(message, status),
    ...(status === undefined ? {} : { status }),
    detail: safeDetail(message),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** What our own errors say of themselves in `details.failure`: signing in, programs. Undefined for any other error. */
export function failureOf(error: unknown): Failure | undefined {
  if (!OpenClawError.is(error)) return undefined;
  const kind = KINDS.find((known) => known === error.details?.["failure"]);
  return kind && { kind, detail: safeDetail(error.message) };
}

function kindOf(message: string, status: number | undefined): FailureKind {
  if (OVERFLOW.test(message) && status !== 429) return "context-overflow";
  if (status === 402 || (BILLING.test(message) && (status === undefined || status < 500))) return "billing";
  if (status === 401 || status === 403) return "auth";
  if (status === 429) return OVERLOADED.test(message) ? "overloaded" : "rate-limit";
  if (status === 529 || (status === 503 && OVERLOADED.test(message))) return "overloaded";
  if (status === 408 || status === 504) return "timeout";
  if (status === 404) return "not-found";
  if (status === 413) return "context-overflow";
  if (status !== undefined && status >= 500) return "server";
  if (status !== undefined && status >= 400) return AUTH.test(message) ? "auth" : "format";
  if (OVERLOADED.test(message)) return "overloaded";
  if (RATE_LIMIT.test(message)) return "rate-limit";
  if (AUTH.test(message)) return "auth";
  if (TIMEOUT.test(message)) return "timeout";
  if (NETWORK.test(message)) return "network";
  if (GARBLED.test(message)) return "garbled";
  return "unknown";
}

function statusIn(message: string): number | undefined {
  const found = /^\s*(?:\S+ )?\(?([45]\d\d)\)?\b/.exec(message) ?? /"(?:code|status)"\s*:\s*([45]\d\d)\b/.exec(message);
  return found ? Number(found[1]) : undefined;
}

/** Google puts the wait into the body: `"retryDelay": "34s"`. */
function delayIn(message: string): number | undefined {
  const found = /retryDelay\W{1,8}(\d+(?:\.\d+)?)s/.exec(message);
  return found ? Number(found[1]) * 1000 : undefined;
}

/** Long runs of key characters never belong in a message; providers echo the key they refused. */
export function safeDetail(message: string): string {
  const masked = message.replaceAll(/\b(?:sk|key|gsk|xai|AIza|ya29)[-_A-Za-z0-9*]{8,}/g, "***");
  return masked.length > 300 ? `${masked.slice(0, 300)}…` : masked;
}

/** The same failure may go away by itself within seconds. */
export function isTransient(kind: FailureKind): boolean {
  return (
    kind === "rate-limit" || kind === "overloaded" || kind === "network" || kind === "server" || kind === "garbled"
  );
}

export interface FailedAttempt {
  provider: string;
  model: string;
  failure: Failure;
  /** Where the key came from, when one was used. */
  keyFrom?: string;
  /** Set when the model could not even be asked (no key, unknown provider): it says so itself. */
  error?: OpenClawError;
}

/** Words for lists and fallback events. */
export const SHORT: Readonly<Record<FailureKind, string>> = {
  auth: "key refused",
  billing: "no credit",
  "rate-limit": "rate limit",
  overloaded: "overloaded",
  timeout: "no answer in time",
  network: "not reachable",
  "context-overflow": "conversation too long",
  format: "request refused",
  "not-found": "model not found",
  server: "server error",
  garbled: "unreadable answer",
  unknown: "failed",
};
