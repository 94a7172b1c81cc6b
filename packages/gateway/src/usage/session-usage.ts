import type { UsageRecord } from "@openclaw/agent";
import type { SessionEntry } from "@openclaw/core/sessions";
import type { Days } from "./days.ts";
import { latencyOf, messageCounts, tokensOf, toolCounts, totalsOf } from "./totals.ts";

type KeyOf = (row: UsageRecord) => string;

/** Rows by a key, in the order in which the keys came up. */
export function groupRows(rows: readonly UsageRecord[], keyOf: KeyOf): Map<string, UsageRecord[]> {
  const groups = new Map<string, UsageRecord[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

const modelKey: KeyOf = ({ provider, model }) => `${provider}/${model}`;

const byCost = <T extends { totals: { totalCost: number; totalTokens: number } }>(items: T[]) =>
  items.toSorted((a, b) => b.totals.totalCost - a.totals.totalCost || b.totals.totalTokens - a.totals.totalTokens);

const modelUsage = (rows: readonly UsageRecord[]) =>
  byCost(
    [...groupRows(rows, modelKey).values()].map((group) => ({
      provider: group[0]?.provider,
      model: group[0]?.model,
      count: group.length,
      totals: totalsOf(group),
    })),
  );

const costOf = (rows: readonly UsageRecord[]) => rows.reduce((sum, { cost }) => sum + cost.total, 0);
const tokenSum = (rows: readonly UsageRecord[]) => rows.reduce((sum, row) => sum + tokensOf(row), 0);

/** One session's row of `sessions.usage`. */
export function sessionUsageRow(
  key: string,
  rows: readonly UsageRecord[],
  {
    entry,
    days,
    withContextWeight,
  }: { entry: Readonly<SessionEntry> | undefined; days: Days; withContextWeight: boolean },
): Record<string, unknown> {
  const last = rows.at(-1);
  const first = rows[0];
  const daily = groupRows(rows, ({ at }) => days.of(at));
  return {
    key,
    ...(entry?.label ? { label: entry.label } : {}),
    sessionId: entry?.sessionId ?? last?.sessionId,
    updatedAt: entry?.updatedAt ?? last?.at,
    agentId: last?.agentId,
    ...((entry?.channel ?? last?.channel) ? { channel: entry?.channel ?? last?.channel } : {}),
    ...(entry?.chatType ? { chatType: entry.chatType } : {}),
    ...(entry?.origin ? { origin: entry.origin } : {}),
    modelProvider: last?.provider,
    model: last?.model,
    usage: {
      ...totalsOf(rows),
      firstActivity: first?.at,
      lastActivity: last?.at,
      durationMs: (last?.at ?? 0) - (first?.at ?? 0),
      activityDates: [...daily.keys()],
      dailyBreakdown: [...daily].map(([date, group]) => ({ date, tokens: tokenSum(group), cost: costOf(group) })),
      dailyMessageCounts: [...daily].map(([date, group]) => ({ date, ...messageCounts(group) })),
      messageCounts: messageCounts(rows),
      toolUsage: toolCounts(rows),
      modelUsage: modelUsage(rows),
      latency: latencyOf(rows),
    },
    ...(withContextWeight ? { contextWeight: entry?.["systemPromptReport"] ?? null } : {}),
  };
}

/** Sums over all sessions, cut in every way that the dashboard shows. */
export function aggregates(rows: readonly UsageRecord[], days: Days): Record<string, unknown> {
  const daily = [...groupRows(rows, ({ at }) => days.of(at))];
  const by = (name: string, keyOf: KeyOf) =>
    byCost(
      [...groupRows(rows, keyOf)].map(([key, group]) => ({
        [name]: key,
        count: group.length,
        totals: totalsOf(group),
      })),
    );
  return {
    messages: messageCounts(rows),
    tools: toolCounts(rows),
    byModel: modelUsage(rows),
    byProvider: by("provider", ({ provider }) => provider),
    byAgent: by("agentId", ({ agentId }) => agentId),
    byChannel: by("channel", ({ channel }) => channel ?? "unknown"),
    byCause: by("cause", ({ cause }) => cause),
    dailyLatency: daily.map(([date, group]) => ({ date, ...latencyOf(group) })),
    modelDaily: daily.flatMap(([date, group]) =>
      [...groupRows(group, modelKey).values()].map((some) => ({
        date,
        provider: some[0]?.provider,
        model: some[0]?.model,
        tokens: tokenSum(some),
        cost: costOf(some),
        count: some.length,
      })),
    ),
    daily: daily.map(([date, group]) => {
      const { total, toolCalls, errors } = messageCounts(group);
      return { date, tokens: tokenSum(group), cost: costOf(group), messages: total, toolCalls, errors };
    }),
  };
}
