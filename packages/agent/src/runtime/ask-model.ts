import type { Api, AssistantMessage, ImageContent, Model, TranscriptContext } from "@earendil-works/pi-ai";
import type { Clock, Log } from "@openclaw/core";
import { createCandidateStreams, type CandidateStreamOptions } from "./candidate-stream.ts";
import { visibleText } from "./stored-messages.ts";
import { turnError } from "./turn-error.ts";

export interface AskOptions {
  candidates: CandidateStreamOptions["candidates"];
  model: Model<Api>;
  clock: Clock;
  log: Log;
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
  timeoutMs: number;
  /** Told of every answer, also of one that broke off: it was paid for. */
  onAnswer(answer: AssistantMessage, durationMs: number): void;
}

export interface Question {
  system: string;
  text: string;
  images?: readonly ImageContent[];
  /** Of the answer, tokens. */
  maxTokens?: number;
}

/**
 * One question beside the conversation, without tools; fallbacks step in as in a turn. Throws an error with the sentence
 * a person would be told, and the signal's reason when it fires.
 */
export async function askModel(
  { system, text, images = [], maxTokens }: Question,
  options: AskOptions,
): Promise<string> {
  const { clock, model, signal } = options;
  const late = new AbortController();
  const cancel = clock.after(options.timeoutMs, () =>
    late.abort(new Error(`no answer within ${options.timeoutMs} ms`)),
  );
  const stop = AbortSignal.any([signal, late.signal]);
  const streams = createCandidateStreams({
    candidates: options.candidates,
    clock,
    log: options.log,
    idleTimeoutMs: options.timeoutMs,
    fetch: options.fetch,
    onAttempt: () => {},
    onFallback: () => {},
  });
  const startedAt = clock.now();
  try {
    // Only pi's own normalising marks a context; this one is normal as it is.
    const context = {
      messages: [
        { role: "system", content: system, timestamp: 0 },
        { role: "user", content: [{ type: "text", text }, ...images], timestamp: startedAt },
      ],
    } as unknown as TranscriptContext;
    const limit = maxTokens ? { maxTokens: Math.min(maxTokens, model.maxTokens) } : {};
    const stream = await streams.stream(model, context, { signal: stop, ...limit });
    for await (const event of stream) if (event.type === "done" || event.type === "error") break;
    const answer = await stream.result();
    options.onAnswer(answer, clock.now() - startedAt);
    signal.throwIfAborted();
    late.signal.throwIfAborted();
    const said = visibleText(answer.content);
    if (answer.stopReason === "error" || said === "") throw turnError(streams.failures);
    return said;
  } finally {
    cancel();
  }
}
