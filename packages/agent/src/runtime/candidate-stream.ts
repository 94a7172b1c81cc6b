import type { Api, AssistantMessageEvent, Model, SimpleStreamOptions, TranscriptContext } from "@earendil-works/pi-ai";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import { classifyFailure, isTransient, type FailedAttempt, type Failure } from "./failure.ts";
import { observed, type HttpFacts } from "./http-facts.ts";
import { errorMessage, toMessageStream, untilAborted, type MessageStream } from "./message-stream.ts";

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

/** What one call has already given to the reader, whoever it came from. */
interface Shown {
  start: boolean;
  text: boolean;
}

/** Waits before the same model is asked again, when there is no other one. */
const RETRY_DELAYS_MS = [500, 2000];
/** A provider that wants a longer wait gets none: the person is told instead. */
const LONGEST_RETRY_WAIT_MS = 10_000;

/**
 * Asks the candidates one after the other until one starts to answer. As soon as text of an answer is visible the call
 * belongs to that model: a later failure ends the turn instead of showing a second, different answer. Thinking and tool
 * calls that were still streaming bind nobody. The model that answered stays the first choice for the rest of the turn.
 */
export function createCandidateStreams(options: CandidateStreamOptions): CandidateStreams {
  const failures: FailedAttempt[] = [];
  let current = 0;

  const stream: CandidateStreams["stream"] = async (placeholder, context, callOptions = {}) => {
    const signal = callOptions.signal ?? new AbortController().signal;
    return toMessageStream(placeholder, signal, async function* () {
      const shown: Shown = { start: false, text: false };
      for (let retry = 0; ;) {
        const entry = options.candidates[current]!;
        const name = `${entry.provider}/${entry.model}`;
        const call = yield* callOnce(entry, context, callOptions, signal, shown);
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

  /** A failure that ends the answer: text of it has been shown. */
  const noteFinal = (attempt: FailedAttempt) => {
    failures.push(attempt);
    options.onAttempt({ provider: attempt.provider, model: attempt.model, error: attempt.failure.detail });
  };

  /** Yields the events of one call. Returns a failure that came before any text was shown. */
  async function* callOnce(
    entry: CandidateStreamOptions["candidates"][number],
    context: TranscriptContext,
    callOptions: SimpleStreamOptions,
    signal: AbortSignal,
    shown: Shown,
  ): AsyncGenerator<AssistantMessageEvent, FailedAttempt | undefined> {
    const http: HttpFacts = {};
    const silence = new AbortController();
    let keyFrom: string | undefined;
    let key: string | undefined;
    const failed = (message: string): FailedAttempt => ({
      provider: entry.provider,
      model: entry.model,
      failure: silence.signal.aborted
        ? { kind: "timeout", detail: `no data for ${options.idleTimeoutMs} ms` }
        : classifyFailure(key ? message.replaceAll(key, "***") : message, http),
      ...(keyFrom ? { keyFrom } : {}),
    });
    let cancelIdle: (() => void) | undefined;
    try {
      const candidate = await entry.prepare();
      keyFrom = candidate.keyFrom;
      key = keyFrom && candidate.options.apiKey;
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
          if (signal.aborted) {
            yield event;
            return undefined;
          }
          const attempt = failed(event.error.errorMessage ?? "");
          if (!shown.text) return attempt;
          noteFinal(attempt);
          yield { ...event, error: { ...event.error, errorMessage: attempt.failure.detail } };
          return undefined;
        }
        // pi takes the first start for the one message of this call, whoever goes on with it.
        if (event.type === "start" && shown.start) continue;
        if (event.type === "start") shown.start = true;
        if (event.type === "text_delta") shown.text = true;
        if (event.type === "done") options.onAttempt({ provider: entry.provider, model: entry.model });
        yield event;
        if (event.type === "done") return undefined;
      }
      const attempt = failed("stream ended without an answer");
      if (!shown.text) return attempt;
      noteFinal(attempt);
      return undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      const attempt = failed(error instanceof Error ? error.message : String(error));
      if (OpenClawError.is(error)) attempt.error = error;
      if (!shown.text) return attempt;
      noteFinal(attempt);
      throw error;
    } finally {
      cancelIdle?.();
    }
  }

  return { stream, failures };
}

function errorEvent(placeholder: Model<Api>, attempt: FailedAttempt): AssistantMessageEvent {
  const model = { ...placeholder, provider: attempt.provider, id: attempt.model };
  return { type: "error", reason: "error", error: errorMessage(model, undefined, attempt.failure.detail, "error") };
}
