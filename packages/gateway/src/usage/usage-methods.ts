import type {
  SessionsUsageLogsParams,
  SessionsUsageParams,
  SessionsUsageTimeseriesParams,
  UsageCostParams,
} from "@openclaw/protocol/schema";
import type { GatewayContext } from "../gateway-context.ts";
import { invalidRequest } from "../server/rpc-error.ts";
import type { MethodHandler } from "../server/types.ts";
import { messageText } from "../sessions/message-text.ts";
import { createDays } from "./days.ts";
import { aggregates, groupRows, sessionUsageRow } from "./session-usage.ts";
import { tokensOf, totalsOf } from "./totals.ts";

const DEFAULT_DAYS = 30;
const DEFAULT_SESSIONS = 50;
const DEFAULT_LOGS = 50;

/** What was spent, from the ledger of model calls. */
export function usageMethods({ store, sessions, clock, config }: GatewayContext): Record<string, MethodHandler> {
  const days = () => createDays(config().agents?.defaults?.userTimezone);

  return {
    // Quotas that a provider reports by itself; none of those spoken to here does.
    "usage.status": () => ({ updatedAt: clock.now(), providers: [] }),

    "usage.cost": ({ days: wanted = DEFAULT_DAYS }: UsageCostParams) => {
      const calendar = days();
      const today = calendar.of(clock.now());
      const rows = store.usage.rows({ from: calendar.start(calendar.back(today, wanted)), to: calendar.end(today) });
      const daily = [...groupRows(rows, ({ at }) => calendar.of(at))].map(([date, group]) => ({
        date,
        ...totalsOf(group),
      }));
      // Today counts as well.
      return { updatedAt: clock.now(), days: wanted + 1, daily, totals: totalsOf(rows) };
    },

    "sessions.usage": (params: SessionsUsageParams) => {
      const calendar = days();
      const endDate = params.endDate ?? calendar.of(clock.now());
      const startDate = params.startDate ?? calendar.back(endDate, DEFAULT_DAYS - 1);
      if (startDate > endDate) throw invalidRequest(`startDate ${startDate} is after endDate ${endDate}`);
      const rows = store.usage.rows({
        from: calendar.start(startDate),
        to: calendar.end(endDate),
        ...(params.key ? { sessionKey: sessions.canonical(params.key) } : {}),
      });
      const bySession = [...groupRows(rows, ({ sessionKey }) => sessionKey)].map(([key, group]) =>
        sessionUsageRow(key, group, {
          entry: sessions.entry(key),
          days: calendar,
          withContextWeight: params.includeContextWeight ?? false,
        }),
      );
      return {
        updatedAt: clock.now(),
        startDate,
        endDate,
        sessions: bySession
          .toSorted((a, b) => Number(b.updatedAt) - Number(a.updatedAt))
          .slice(0, params.limit ?? DEFAULT_SESSIONS),
        totals: totalsOf(rows),
        aggregates: aggregates(rows, calendar),
      };
    },

    "sessions.usage.timeseries": ({ key }: SessionsUsageTimeseriesParams) => {
      const canonical = sessions.canonical(key);
      const rows = store.usage.rows({ from: 0, to: Number.MAX_SAFE_INTEGER, sessionKey: canonical });
      const entry = sessions.entry(canonical);
      if (!entry && rows.length === 0) throw invalidRequest(`No transcript found for session: ${key}`);
      const sessionId = entry?.sessionId ?? rows.at(-1)?.sessionId;
      let cumulativeTokens = 0;
      let cumulativeCost = 0;
      const points = rows
        .filter((row) => row.sessionId === sessionId)
        .map((row) => {
          const { at, input, output, cacheRead, cacheWrite } = row;
          const [totalTokens, cost] = [tokensOf(row), row.cost.total];
          cumulativeTokens += totalTokens;
          cumulativeCost += cost;
          return {
            timestamp: at,
            input,
            output,
            cacheRead,
            cacheWrite,
            totalTokens,
            cost,
            cumulativeTokens,
            cumulativeCost,
          };
        });
      return { sessionId, points };
    },

    "sessions.usage.logs": ({ key, limit = DEFAULT_LOGS }: SessionsUsageLogsParams) => ({
      logs: sessions.history(sessions.canonical(key), limit).flatMap((message) => {
        const content = messageText(message);
        const usage = message["usage"] as { totalTokens?: number; cost?: { total?: number } } | undefined;
        if (content === "" && !usage) return [];
        return [
          {
            timestamp: message.timestamp ?? 0,
            role: message.role,
            content,
            ...(usage?.totalTokens ? { tokens: usage.totalTokens } : {}),
            ...(usage?.cost?.total ? { cost: usage.cost.total } : {}),
          },
        ];
      }),
    }),
  };
}
