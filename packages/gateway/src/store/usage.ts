import type { UsageLedger, UsageRecord } from "@openclaw/agent";
import type { Database } from "./database.ts";

export interface UsageRange {
  /** Epoch ms, inclusive. */
  from: number;
  /** Epoch ms, exclusive. */
  to: number;
  sessionKey?: string;
}

/** Every model call, kept for as long as reports look back. */
export interface UsageStore extends UsageLedger {
  /** Oldest first. */
  rows(range: UsageRange): UsageRecord[];
  prune(before: number): void;
}

interface StoredRow {
  at: number;
  agent_id: string;
  session_key: string;
  session_id: string;
  run_id: string | null;
  cause: string;
  purpose: string;
  channel: string | null;
  provider: string;
  model: string;
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
  input_cost: number;
  output_cost: number;
  cache_read_cost: number;
  cache_write_cost: number;
  cost: number;
  duration_ms: number;
  tools: string;
  failed: number;
}

export function createUsageStore({ sql }: Database): UsageStore {
  const insert = sql.prepare(
    `INSERT INTO usage (at, agent_id, session_key, session_id, run_id, cause, purpose, channel, provider, model, input, output,
       cache_read, cache_write, input_cost, output_cost, cache_read_cost, cache_write_cost, cost, duration_ms, tools, failed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const sums = "SELECT total(input + output + cache_read + cache_write) AS tokens, total(cost) AS usd FROM usage";
  const ofSession = sql.prepare(`${sums} WHERE session_id = ? AND at >= ? AND (? IS NULL OR cause = ?)`);
  const ofAll = sql.prepare(`${sums} WHERE at >= ? AND (? IS NULL OR cause = ?)`);
  const inRange = sql.prepare(
    "SELECT * FROM usage WHERE at >= ? AND at < ? AND (? IS NULL OR session_key = ?) ORDER BY at, id",
  );
  const prune = sql.prepare("DELETE FROM usage WHERE at < ?");

  return {
    record(usage) {
      const { cost } = usage;
      insert.run(
        usage.at,
        usage.agentId,
        usage.sessionKey,
        usage.sessionId,
        usage.runId ?? null,
        usage.cause,
        usage.purpose,
        usage.channel ?? null,
        usage.provider,
        usage.model,
        Math.round(usage.input),
        Math.round(usage.output),
        Math.round(usage.cacheRead),
        Math.round(usage.cacheWrite),
        cost.input,
        cost.output,
        cost.cacheRead,
        cost.cacheWrite,
        cost.total,
        Math.round(usage.durationMs),
        JSON.stringify(usage.tools),
        usage.failed ? 1 : 0,
      );
    },
    spent({ since = 0, sessionId, cause = null }) {
      const row =
        sessionId === undefined ? ofAll.get(since, cause, cause) : ofSession.get(sessionId, since, cause, cause);
      return row as unknown as { tokens: number; usd: number };
    },
    rows: ({ from, to, sessionKey = null }) =>
      (inRange.all(from, to, sessionKey, sessionKey) as unknown as StoredRow[]).map(fromStored),
    prune(before) {
      prune.run(before);
    },
  };
}

function fromStored(row: StoredRow): UsageRecord {
  return {
    at: row.at,
    agentId: row.agent_id,
    sessionKey: row.session_key,
    sessionId: row.session_id,
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    cause: row.cause,
    purpose: row.purpose as UsageRecord["purpose"],
    ...(row.channel === null ? {} : { channel: row.channel }),
    provider: row.provider,
    model: row.model,
    input: row.input,
    output: row.output,
    cacheRead: row.cache_read,
    cacheWrite: row.cache_write,
    cost: {
      input: row.input_cost,
      output: row.output_cost,
      cacheRead: row.cache_read_cost,
      cacheWrite: row.cache_write_cost,
      total: row.cost,
    },
    durationMs: row.duration_ms,
    tools: JSON.parse(row.tools) as string[],
    failed: row.failed === 1,
  };
}
