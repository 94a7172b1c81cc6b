import type { TurnResult } from "@openclaw/agent";

/** How a turn ended; kept in the ledger for `agent.wait` and idempotent repeats. */
export interface TurnOutcome {
  status: "ok" | "error" | "aborted" | "timeout";
  startedAt: number;
  endedAt: number;
  payloads: { text: string; mediaUrls?: string[] }[];
  provider: string;
  model: string;
  usage: TurnResult["usage"];
  sessionId: string;
  error?: string;
  promptReport?: Record<string, unknown>;
}

/** The outcome of a turn that the agent had no part in. */
export function withoutAnswer(
  status: "ok" | "error" | "aborted",
  error: string | undefined,
  startedAt: number,
  endedAt: number,
): TurnOutcome {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0, cost: 0 };
  return {
    status,
    startedAt,
    endedAt,
    payloads: [],
    provider: "",
    model: "",
    usage,
    sessionId: "",
    ...(error === undefined ? {} : { error }),
  };
}
