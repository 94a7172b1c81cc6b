import type {
  Api,
  AssistantMessage,
  AssistantMessageEvent,
  Model,
  SimpleStreamOptions,
  ToolCall,
  TranscriptContext,
} from "@earendil-works/pi-ai";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import { classifyFailure, isTransient, safeDetail, type FailedAttempt, type Failure } from "./failure.ts";

/** A model that may answer, ready to be called. */
export interface Candidate {
  model: Model<Api>;
  /** pi's uniform signature; the offline provider has it too. */
  stream(
    model: Model<Api>,
    context: TranscriptContext,
    options: SimpleStreamOptions,
  ): AsyncIterable<AssistantMessageEvent>;
  /** Key, headers and parameters of this model. */
  options: SimpleStreamOptions;
  keyFrom?: string;
}

export interface CandidateStreamOptions {
  /** Made when its turn comes, so that nothing is loaded for a fallback that is not needed. */
  candidates: readonly { provider: string; model: string; prepare(): Promise<Candidate> }[];
  clock: Clock;
  log: Log;
  /** Longest silence of a provider before it counts as failed, ms. */
  idleTimeoutMs: number;
  fetch: typeof globalThis.fetch;
  onAttempt(attempt: { provider: string; model: string; error?: string }): void;
  onFallback(from: string, to: string, reason: Failure): void;
}

export interface CandidateStreams {
  /** Has the signature of pi's `StreamFn`. The returned stream ends with `done` or `error` and never throws. */
  stream: (model: Model<Api>, context: TranscriptContext, options?: SimpleStreamOptions) => Promise<MessageStream>;
  /** Every failed call so far, in order. */
  failures: readonly FailedAttempt[];
}

/** What pi's loop reads: events, then the message. */
export interface MessageStream extends AsyncIterable<AssistantMessageEvent> {
  result(): Promise<AssistantMessage>;
}

/** Waits before the same model is asked again, when there is no other one. */
const RETRY_DELAYS_MS = [500, 2000];
/** A provider that wants a longer wait gets none: the person is told instead. */
const LONGEST_RETRY_WAIT_MS = 10_000;

/**
 * Asks the candidates one after the other until one starts to answer. As soon as something of an answer is visible the
 * call belongs to that model: a later failure ends the turn instead of showing a second, different answer. The model
 * that answered stays the first choice for the rest of the turn.
 */
export function createCandidateStreams(options: CandidateStreamOptions): CandidateStreams {
  const failures: FailedAttempt[] = [];
  let current = 0;

  const stream: CandidateStreams["stream"] = async (placeholder, context, callOptions = {}) => {
    const signal = callOptions.signal ?? new AbortController().signal;
    return toMessageStream(placeholder, signal, async function* () {
      for (let retry = 0; ;) {
        const entry = options.candidates[current]!;
        const name = `${entry.provider}/${entry.model}`;
        const call = yield* callOnce(entry, context, callOptions, signal);
        if (!call) return;
        failures.push(call);
        options.onAttempt({ provider: entry.provider, model: entry.model, error: call.failure.detail });
        options.log.warn(`${name} failed: ${call.failure.kind}`, {
          status: call.failure.status,
          detail: call.failure.detail,
        });
        const next = options.candidates[current + 1];
        if (next) {
          current++;
          retry = 0;
          options.onFallback(name, `${next.provider}/${next.model}`, call.failure);
          continue;
        }
        const delay = Math.max(RETRY_DELAYS_MS[retry] ?? 0, call.failure.retryAfterMs ?? 0);
        if (!isTransient(call.failure.kind) || retry >= RETRY_DELAYS_MS.length || delay > LONGEST_RETRY_WAIT_MS) {
          yield errorEvent(placeholder, call);
          return;
        }
        retry++;
        await options.clock.sleep(delay, signal);
      }
    });
  };

  /** Yields the events of one call. Returns a failure that happened before anything was visible. */
  async function* callOnce(
    entry: CandidateStreamOptions["candidates"][number],
    context: TranscriptContext,
    callOptions: SimpleStreamOptions,
    signal: AbortSignal,
  ): AsyncGenerator<AssistantMessageEvent, FailedAttempt | undefined> {
    const http: { status?: number; retryAfterMs?: number } = {};
    const silence = new AbortController();
    let keyFrom: string | undefined;
    const failed = (message: string): FailedAttempt => ({
      provider: entry.provider,
      model: entry.model,
      failure: silence.signal.aborted
        ? { kind: "timeout", detail: `no data for ${options.idleTimeoutMs} ms` }
        : classifyFailure(message, http),
      ...(keyFrom ? { keyFrom } : {}),
    });
    let held: AssistantMessageEvent[] | undefined = [];
    let cancelIdle: (() => void) | undefined;
    try {
      const candidate = await entry.prepare();
      keyFrom = candidate.keyFrom;
      const events = candidate.stream(candidate.model, context, {
        ...callOptions,
        ...candidate.options,
        // Google's adapter refuses any other fetch; its status is read from the message instead.
        ...(candidate.model.api === "google-generative-ai"
          ? { fetch: undefined }
          : { fetch: observed(options.fetch, http) }),
        maxRetries: 0,
        signal: AbortSignal.any([signal, silence.signal]),
      });
      const restartIdle = () => {
        cancelIdle?.();
        cancelIdle = options.clock.after(options.idleTimeoutMs, () => silence.abort());
      };
      restartIdle();
      for await (const event of untilAborted(events, silence.signal)) {
        restartIdle();
        if (event.type === "error") {
          if (held && !signal.aborted) return failed(event.error.errorMessage ?? "");
          if (!signal.aborted) {
            const attempt = failed(event.error.errorMessage ?? "");
            failures.push(attempt);
            options.onAttempt({ provider: entry.provider, model: entry.model, error: attempt.failure.detail });
          }
          yield event;
          return undefined;
        }
        if (event.type === "done") options.onAttempt({ provider: entry.provider, model: entry.model });
        if (held) {
          held.push(event);
          if (event.type === "start" || isEmptyStart(event)) continue;
          const waiting: AssistantMessageEvent[] = held;
          held = undefined;
          yield* waiting;
        } else yield event;
      }
      if (held) return failed("stream ended without an answer");
      return undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      const attempt = failed(error instanceof Error ? error.message : String(error));
      if (OpenClawError.is(error)) attempt.error = error;
      if (held) return attempt;
      failures.push(attempt);
      options.onAttempt({ provider: entry.provider, model: entry.model, error: attempt.failure.detail });
      throw error;
    } finally {
      cancelIdle?.();
    }
  }

  return { stream, failures };
}

function isEmptyStart(event: AssistantMessageEvent): boolean {
  return event.type === "text_start" || event.type === "thinking_start";
}

/** Notes status and wait of every answer; adapters fold them into a sentence that differs from SDK to SDK. */
function observed(
  base: typeof globalThis.fetch,
  http: { status?: number; retryAfterMs?: number },
): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await base(input, init);
    http.status = response.status;
    const wait = retryAfter(response.headers);
    if (wait !== undefined) http.retryAfterMs = wait;
    return response;
  };
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

/** Ends with an exception when the signal fires, whether or not the source notices it. */
async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const aborted = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new Error("aborted"));
    if (signal.aborted) fail();
    signal.addEventListener("abort", fail, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // A source that is stuck would never settle this; nobody waits for it.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

/** Turns a generator into what pi reads: the terminal event decides the result, an abort ends it at once. */
function toMessageStream(
  placeholder: Model<Api>,
  signal: AbortSignal,
  run: () => AsyncGenerator<AssistantMessageEvent, void>,
): MessageStream {
  let settle: ((message: AssistantMessage) => void) | undefined;
  const result = new Promise<AssistantMessage>((resolve) => (settle = resolve));
  async function* events(): AsyncGenerator<AssistantMessageEvent> {
    let partial: AssistantMessage | undefined;
    try {
      for await (const event of untilAborted(run(), signal)) {
        if (event.type === "done") settle?.(repairToolCalls(event.message));
        else if (event.type === "error") settle?.(withoutToolCalls(event.error));
        else partial = event.partial;
        yield event;
        if (event.type === "done" || event.type === "error") return;
      }
      const ended = errorMessage(placeholder, partial, "stream ended without an answer", "error");
      settle?.(ended);
      yield { type: "error", reason: "error", error: ended };
    } catch (error) {
      const reason = signal.aborted ? "aborted" : "error";
      const message = errorMessage(
        placeholder,
        partial,
        error instanceof Error ? error.message : String(error),
        reason,
      );
      settle?.(message);
      yield { type: "error", reason, error: message };
    }
  }
  return { [Symbol.asyncIterator]: events, result: () => result };
}

function errorEvent(placeholder: Model<Api>, attempt: FailedAttempt): AssistantMessageEvent {
  const model = { ...placeholder, provider: attempt.provider, id: attempt.model };
  return { type: "error", reason: "error", error: errorMessage(model, undefined, attempt.failure.detail, "error") };
}

function errorMessage(
  model: Model<Api>,
  partial: AssistantMessage | undefined,
  text: string,
  stopReason: "error" | "aborted",
): AssistantMessage {
  return withoutToolCalls({
    role: "assistant",
    api: partial?.api ?? model.api,
    provider: partial?.provider ?? model.provider,
    model: partial?.model ?? model.id,
    content: partial?.content ?? [],
    usage: partial?.usage ?? EMPTY_USAGE,
    stopReason,
    errorMessage: safeDetail(text),
    timestamp: Date.now(),
  });
}

const EMPTY_USAGE: AssistantMessage["usage"] = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};

/** A call in a message that broke off was never run and may be cut in half: it must not be in the history. */
function withoutToolCalls(message: AssistantMessage): AssistantMessage {
  return {
    ...message,
    content: message.content.filter((block) => block.type !== "toolCall"),
    ...(message.errorMessage ? { errorMessage: safeDetail(message.errorMessage) } : {}),
  };
}

/** Results are paired with calls by id. Models leave ids out or use one twice; the history must not. */
function repairToolCalls(message: AssistantMessage): AssistantMessage {
  const seen = new Set<string>();
  for (const block of message.content) {
    if (block.type !== "toolCall") continue;
    const call: ToolCall = block;
    if (!call.id || seen.has(call.id)) call.id = `call_${crypto.randomUUID().slice(0, 8)}`;
    if (typeof call.arguments !== "object" || call.arguments === null || Array.isArray(call.arguments))
      call.arguments = {};
    seen.add(call.id);
  }
  return message;
}
