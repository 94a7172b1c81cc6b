import type { AssistantMessage } from "@earendil-works/pi-ai";
import { createBudgetGuard } from "../budget/budget-guard.ts";
import type { UsageRecord } from "../budget/usage-ledger.ts";
import { textTokens } from "../context/estimate.ts";
import type { AskModel } from "../context/summarize.ts";
import { askModel } from "./ask-model.ts";
import type { PreparedTurn, RunTurnOptions } from "./turn-types.ts";

/** What every model call of a turn has in common: it is weighed before and written down after. */
export interface CallBook {
  /** Throws `BUDGET_EXCEEDED`. The built-in rules cost nothing and are always allowed. */
  guard(promptTokens: number): void;
  record(answer: AssistantMessage, purpose: UsageRecord["purpose"], durationMs: number): void;
}

export type CallBookOptions = Pick<RunTurnOptions, "agentId" | "sessionKey" | "clock" | "log" | "bounds" | "input"> & {
  sessionId: string;
  prepared: Pick<PreparedTurn, "model" | "kind">;
};

export function createCallBook({
  prepared,
  bounds,
  clock,
  log,
  input,
  agentId,
  sessionKey,
  sessionId,
}: CallBookOptions): CallBook {
  const { usage: ledger, budgets, timezone } = bounds;
  const cause = input.cause ?? "message";
  const weigh = createBudgetGuard({ budgets, ledger, clock, timezone });
  return {
    guard(promptTokens) {
      if (prepared.kind === "llm") weigh({ sessionId, cause, promptTokens, price: prepared.model.cost });
    },
    record({ provider, model, usage, content, stopReason }, purpose, durationMs) {
      const { input: fresh, output, cacheRead, cacheWrite, cost } = usage;
      if (fresh + output + cacheRead + cacheWrite === 0) return;
      try {
        ledger.record({
          at: clock.now(),
          agentId,
          sessionKey,
          sessionId,
          ...(input.runId ? { runId: input.runId } : {}),
          cause,
          purpose,
          ...(input.channel ? { channel: input.channel } : {}),
          provider,
          model,
          input: fresh,
          output,
          cacheRead,
          cacheWrite,
          cost,
          durationMs,
          tools: content.flatMap((block) => (block.type === "toolCall" ? [block.name] : [])),
          failed: stopReason === "error" || stopReason === "aborted",
        });
      } catch (error) {
        // The answer is there and shall be delivered; a store that fails shows itself at the end of the turn.
        log.error("A model call could not be written down.", { error: String(error), provider, model });
      }
    },
  };
}

export interface SideCallOptions extends Pick<RunTurnOptions, "clock" | "log" | "fetch"> {
  prepared: Pick<PreparedTurn, "candidates" | "model">;
  book: CallBook;
  signal: AbortSignal;
  /** Told of the answer beside the book. */
  onAnswer?: (answer: AssistantMessage) => void;
}

/** A summary that takes longer is given up: a person waits for the answer behind it. */
const SUMMARY_TIMEOUT_MS = 180_000;

/** Asks for a summary, through the same models, budgets and book as the turn itself. */
export function createSummaryCall({ prepared, book, clock, log, fetch, signal, onAnswer }: SideCallOptions): AskModel {
  return ({ system, text, maxTokens }) => {
    book.guard(textTokens(system) + textTokens(text));
    return askModel(
      { system, text, maxTokens },
      {
        candidates: prepared.candidates,
        model: prepared.model,
        clock,
        log,
        fetch,
        signal,
        timeoutMs: SUMMARY_TIMEOUT_MS,
        onAnswer(answer, durationMs) {
          book.record(answer, "compaction", durationMs);
          onAnswer?.(answer);
        },
      },
    );
  };
}
