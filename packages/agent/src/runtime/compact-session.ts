import type { Transcript } from "@openclaw/core/sessions";
import { createTurnContext } from "../context/turn-context.ts";
import type { CompactInput, CompactResult, TurnInput } from "../types.ts";
import { createCallBook, createSummaryCall } from "./call-book.ts";
import { answerOpenCalls } from "./open-calls.ts";
import type { PreparedTurn, RunTurnOptions } from "./turn-types.ts";

export interface CompactSessionOptions extends Pick<
  RunTurnOptions,
  "agentId" | "sessionKey" | "bounds" | "clock" | "log" | "fetch"
> {
  transcript: Transcript;
  signal: AbortSignal;
  /** Resolves when nothing works on the session any more. */
  prepare(turn: TurnInput): Promise<PreparedTurn>;
}

const INTERRUPTED = "Interrupted: its outcome is unknown.";

/** Summarises a conversation's older part because somebody asked for it. */
export async function compactSession(input: CompactInput, options: CompactSessionOptions): Promise<CompactResult> {
  const { transcript, clock, signal, bounds } = options;
  const { instructions, ...turn } = input;
  const prepared = await options.prepare(turn);
  await answerOpenCalls({
    transcript,
    tools: [],
    note: INTERRUPTED,
    now: () => clock.now(),
    rerun: () => Promise.reject(new Error(INTERRUPTED)),
  });
  const book = createCallBook({ ...options, input: turn, sessionId: transcript.sessionId, prepared });
  const context = createTurnContext({
    ...options,
    prepared,
    settings: bounds.context,
    guard: book.guard,
    ...(prepared.kind === "llm" ? { ask: createSummaryCall({ ...options, prepared, book }) } : {}),
    emit: () => {},
  });
  const { contextWindow } = prepared.model;
  const done = await context.compactNow(instructions);
  signal.throwIfAborted();
  if (!done) {
    const tokens = context.tokens();
    return {
      compacted: false,
      tokensBefore: tokens,
      tokensAfter: tokens,
      contextWindow,
      kept: transcript.branch().length,
    };
  }
  const { by, tokensBefore, tokensAfter, kept } = done;
  return { compacted: true, by, tokensBefore, tokensAfter, contextWindow, kept };
}
