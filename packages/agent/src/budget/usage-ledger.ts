/** What made the agent work. Limits of `budgets.causes` are kept by these names; others may be used. */
export type UsageCause = "message" | "heartbeat" | "cron" | "hook" | "subagent";

/** One model call that brought an answer, or broke off in one. */
export interface UsageRecord {
  /** End of the call, epoch ms. */
  at: number;
  agentId: string;
  sessionKey: string;
  /** The conversation; a new one begins with `/new`. */
  sessionId: string;
  runId?: string;
  cause: UsageCause | (string & {});
  /** What the call was for within the turn. */
  purpose: "answer" | "compaction" | "memory-flush" | "image";
  channel?: string;
  provider: string;
  model: string;
  /** Tokens. `input` is what no cache held. */
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** US dollars. */
  cost: { input: number; output: number; cacheRead: number; cacheWrite: number; total: number };
  durationMs: number;
  /** Names of the tools that the answer called. */
  tools: readonly string[];
  /** The answer broke off. */
  failed: boolean;
}

export interface SpentQuery {
  /** Epoch ms, inclusive. */
  since?: number;
  sessionId?: string;
  cause?: string;
}

export interface Spent {
  tokens: number;
  usd: number;
}

/** Where model calls are written down. Both calls are synchronous: a call is on record before the next is weighed. */
export interface UsageLedger {
  record(usage: UsageRecord): void;
  spent(query: SpentQuery): Spent;
}

/** Records of this process only: for bots without a gateway, and tests. */
export function createMemoryLedger(): UsageLedger & { readonly records: readonly UsageRecord[] } {
  const records: UsageRecord[] = [];
  return {
    records,
    record: (usage) => void records.push(usage),
    spent({ since = 0, sessionId, cause }) {
      const sum = { tokens: 0, usd: 0 };
      for (const usage of records) {
        if (
          usage.at < since ||
          (sessionId ?? usage.sessionId) !== usage.sessionId ||
          (cause ?? usage.cause) !== usage.cause
        )
          continue;
        sum.tokens += usage.input + usage.output + usage.cacheRead + usage.cacheWrite;
        sum.usd += usage.cost.total;
      }
      return sum;
    },
  };
}
