import type { UsageRecord } from "@openclaw/agent";

/** Sums as the protocol names them: tokens, and US dollars where they say cost. */
export interface UsageTotals {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  totalTokens: number;
  totalCost: number;
  inputCost: number;
  outputCost: number;
  cacheReadCost: number;
  cacheWriteCost: number;
  /** Calls that used tokens of a model whose price is unknown, or free. */
  missingCostEntries: number;
}

export const tokensOf = ({ input, output, cacheRead, cacheWrite }: UsageRecord) =>
  input + output + cacheRead + cacheWrite;

export function totalsOf(rows: readonly UsageRecord[]): UsageTotals {
  const sum: UsageTotals = {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    totalTokens: 0,
    totalCost: 0,
    inputCost: 0,
    outputCost: 0,
    cacheReadCost: 0,
    cacheWriteCost: 0,
    missingCostEntries: 0,
  };
  for (const row of rows) {
    sum.input += row.input;
    sum.output += row.output;
    sum.cacheRead += row.cacheRead;
    sum.cacheWrite += row.cacheWrite;
    sum.totalTokens += tokensOf(row);
    sum.totalCost += row.cost.total;
    sum.inputCost += row.cost.input;
    sum.outputCost += row.cost.output;
    sum.cacheReadCost += row.cost.cacheRead;
    sum.cacheWriteCost += row.cost.cacheWrite;
    if (row.cost.total === 0) sum.missingCostEntries++;
  }
  return sum;
}

export interface MessageCounts {
  total: number;
  user: number;
  assistant: number;
  toolCalls: number;
  toolResults: number;
  errors: number;
}

/** Messages behind the calls: a run has one question, a call one answer, each of its tool calls one result. */
export function messageCounts(rows: readonly UsageRecord[]): MessageCounts {
  const answers = rows.filter(({ purpose }) => purpose === "answer");
  const user = new Set(answers.map(({ runId, sessionKey }) => runId ?? sessionKey)).size;
  const toolCalls = answers.reduce((sum, { tools }) => sum + tools.length, 0);
  const errors = answers.filter(({ failed }) => failed).length;
  return { total: user + answers.length, user, assistant: answers.length, toolCalls, toolResults: toolCalls, errors };
}

export function toolCounts(rows: readonly UsageRecord[]): {
  totalCalls: number;
  uniqueTools: number;
  tools: { name: string; count: number }[];
} {
  const counts = new Map<string, number>();
  for (const name of rows.flatMap(({ tools }) => tools)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const tools = [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count);
  return { totalCalls: tools.reduce((sum, { count }) => sum + count, 0), uniqueTools: tools.length, tools };
}

/** Duration of model calls, ms. Undefined without any. */
export function latencyOf(
  rows: readonly UsageRecord[],
): { count: number; avgMs: number; p95Ms: number; minMs: number; maxMs: number } | undefined {
  const all = rows.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b);
  if (all.length === 0) return undefined;
  const sum = all.reduce((total, ms) => total + ms, 0);
  return {
    count: all.length,
    avgMs: sum / all.length,
    p95Ms: all[Math.ceil(all.length * 0.95) - 1] ?? 0,
    minMs: all[0] ?? 0,
    maxMs: all.at(-1) ?? 0,
  };
}
