import type {
  Api,
  AssistantMessageEvent,
  Model,
  ProviderResponse,
  SimpleStreamOptions,
  TranscriptContext,
} from "@earendil-works/pi-ai";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import type { CredentialOption } from "../auth/credentials.ts";
import type { CandidateEntry } from "./candidate.ts";
import { createCandidateQueue, type Choice } from "./candidate-queue.ts";
import { classifyFailure, failureOf, isTransient, SHORT, type FailedAttempt, type Failure } from "./failure.ts";
import { noteAnswer, observed, type HttpFacts } from "./http-facts.ts";
import { errorMessage, toMessageStream, untilAborted, type MessageStream } from "./message-stream.ts";

/** One model call. `profile` is the auth profile it was signed with. */
export interface Attempt {
  provider: string;
  model: string;
  profile?: string;
  error?: string;
}

export interface CandidateStreamOptions {
  candidates: readonly CandidateEntry[];
  clock: Clock;
  log: Log;
  /** Longest silence of a provider before it counts as failed, ms. */
  idleTimeoutMs: number;
  fetch: typeof globalThis.fetch;
  onAttempt(attempt: Attempt): void;
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
/** A provider that was silent a short while ago is not waited for as long as one that worked, if there is another. */
const PROBE_IDLE_MS = 30_000;
/** Wires whose adapter refuses, or does not use, a fetch of ours; it reports the answer, or its message is read. */
const OWN_TRANSPORT = new Set<string>(["google-generative-ai", "bedrock-converse-stream"]);

/**
 * Asks the candidates one after the other until one starts to answer: each with its credentials in turn where another
 * key may help, those that failed a short while ago last, nobody left out. As soon as text of an answer is visible the
 * call belongs to that model: a later failure ends the turn instead of showing a second, different answer. Thinking and
 * tool calls that were still streaming bind nobody. The model that answered stays the first choice for the rest of the
 * turn.
 */
export function createCandidateStreams(options: CandidateStreamOptions): CandidateStreams {
  const failures: FailedAttempt[] = [];
  const queue = createCandidateQueue(options.candidates);
  let current: Choice | undefined;

  const stream: CandidateStreams["stream"] = async (placeholder, context, callOptions = {}) => {
    const signal = callOptions.signal ?? new AbortController().signal;
    return toMessageStream(placeholder, signal, async function* () {
      const shown: Shown = { start: false, text: false };
      if (!current) {
        current = queue.next();
        if (current) tellSkipped(current);
      }
      for (let retry = 0; current;) {
        const choice: Choice = current;
        const call = yield* callOnce(choice, context, callOptions, signal, shown);
        if (!call) return;
        noteFailed(call, choice);
        const next = queue.failed(choice, call.failure.kind);
        if (next) {
          if (choice.option) choice.entry.note?.(choice.option, call.failure);
          current = next;
          retry = 0;
          if (next.entry !== choice.entry) options.onFallback(nameOf(choice.entry), nameOf(next.entry), call.failure);
          continue;
        }
        const delay = Math.max(RETRY_DELAYS_MS[retry] ?? 0, call.failure.retryAfterMs ?? 0);
        if (!isTransient(call.failure.kind) || retry >= RETRY_DELAYS_MS.length || delay > LONGEST_RETRY_WAIT_MS) {
          if (choice.option) choice.entry.note?.(choice.option, call.failure);
          yield errorEvent(placeholder, call);
          return;
        }
        retry++;
        await options.clock.sleep(delay, signal);
      }
    });
  };

  /** The first choice rests: somebody else answers without its being asked, and that must be visible. */
  const tellSkipped = ({ entry }: Choice) => {
    const first = options.candidates[0];
    const rest = first?.credentials?.()[0]?.rest;
    if (!first || first === entry || !rest) return;
    const detail = `${SHORT[rest.reason]} a short while ago, until ${new Date(rest.until).toISOString()}`;
    options.log.info(`${nameOf(first)} is left out for now: ${detail}`);
    options.onFallback(nameOf(first), nameOf(entry), { kind: rest.reason, detail });
  };

  const noteFailed = (call: FailedAttempt, { entry, option }: Choice) => {
    failures.push(call);
    options.onAttempt({ ...attemptOf(entry, option), error: call.failure.detail });
    options.log.warn(`${nameOf(entry)} failed: ${call.failure.kind}`, {
      status: call.failure.status,
      detail: call.failure.detail,
      ...(option?.isProfile ? { from: option.from } : {}),
    });
  };

  /** Yields the events of one call. Returns a failure that came before any text was shown. */
  async function* callOnce(
    { entry, option, hurried }: Choice,
    context: TranscriptContext,
    callOptions: SimpleStreamOptions,
    signal: AbortSignal,
    shown: Shown,
  ): AsyncGenerator<AssistantMessageEvent, FailedAttempt | undefined> {
    const http: HttpFacts = {};
    const silence = new AbortController();
    let idleMs = hurried ? Math.min(options.idleTimeoutMs, PROBE_IDLE_MS) : options.idleTimeoutMs;
    let keyFrom: string | undefined;
    let key: string | undefined;
    const failed = (message: string, error?: unknown): FailedAttempt => ({
      provider: entry.provider,
      model: entry.model,
      failure: silence.signal.aborted
        ? { kind: "timeout", detail: `no data for ${idleMs} ms` }
        : (failureOf(error) ?? classifyFailure(key ? message.replaceAll(key, "***") : message, http)),
      ...(keyFrom ? { keyFrom } : {}),
    });
    /** A failure that ends the answer: text of it has been shown. */
    const noteFinal = (attempt: FailedAttempt) => {
      failures.push(attempt);
      options.onAttempt({ ...attemptOf(entry, option), error: attempt.failure.detail });
      if (option) entry.note?.(option, attempt.failure);
    };
    let cancelIdle: (() => void) | undefined;
    try {
      const candidate = await entry.prepare(option);
      keyFrom = candidate.keyFrom;
      key = keyFrom && candidate.options.apiKey;
      idleMs = Math.max(idleMs, candidate.idleTimeoutMs ?? 0);
      const events = candidate.stream(candidate.model, context, {
        ...candidate.options,
        ...given(callOptions),
        ...(candidate.options.headers || callOptions.headers
          ? { headers: { ...candidate.options.headers, ...callOptions.headers } }
          : {}),
        ...(OWN_TRANSPORT.has(candidate.model.api)
          ? { fetch: undefined, onResponse: (response: ProviderResponse) => noteAnswer(http, response) }
          : { fetch: observed(options.fetch, http) }),
        maxRetries: 0,
        signal: AbortSignal.any([signal, silence.signal]),
      });
      const restartIdle = () => {
        cancelIdle?.();
        cancelIdle = options.clock.after(idleMs, () => silence.abort());
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
        if (event.type === "done") {
          options.onAttempt(attemptOf(entry, option));
          if (option) entry.note?.(option, undefined);
        }
        yield event;
        if (event.type === "done") return undefined;
      }
      const attempt = failed("stream ended without an answer");
      if (!shown.text) return attempt;
      noteFinal(attempt);
      return undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      const attempt = failed(error instanceof Error ? error.message : String(error), error);
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

/** What the caller did say; an option it left undefined must not wipe out the model's own. */
function given(options: SimpleStreamOptions): SimpleStreamOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function nameOf({ provider, model }: CandidateEntry): string {
  return `${provider}/${model}`;
}

function attemptOf({ provider, model }: CandidateEntry, option: CredentialOption | undefined): Attempt {
  return { provider, model, ...(option?.isProfile ? { profile: option.id } : {}) };
}

function errorEvent(placeholder: Model<Api>, attempt: FailedAttempt): AssistantMessageEvent {
  const model = { ...placeholder, provider: attempt.provider, id: attempt.model };
  return { type: "error", reason: "error", error: errorMessage(model, undefined, attempt.failure.detail, "error") };
}
