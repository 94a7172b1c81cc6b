import { Type, type Static } from "typebox";
import {
  anything,
  flag,
  int,
  list,
  nullable,
  oneOf,
  open,
  optional,
  strict,
  string,
  text,
  time,
} from "./building-blocks.ts";

const label = () => Type.String({ minLength: 1, maxLength: 64 });
const day = () => Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });

export const SessionsListParams = strict({
  limit: optional(int(1)),
  activeMinutes: optional(int(1)),
  includeGlobal: optional(flag()),
  includeUnknown: optional(flag()),
  includeDerivedTitles: optional(flag()),
  includeLastMessage: optional(flag()),
  label: optional(label()),
  spawnedBy: optional(text()),
  agentId: optional(text()),
  search: optional(string()),
});
export type SessionsListParams = Static<typeof SessionsListParams>;

export const SessionsPreviewParams = strict({
  keys: list(text(), { minItems: 1 }),
  limit: optional(int(1)),
  /** Longer texts are cut with "...". */
  maxChars: optional(int(20)),
});
export type SessionsPreviewParams = Static<typeof SessionsPreviewParams>;

/** Exactly one of `key`, `sessionId` and `label`; the handler says so, because the refusal's text names the rule. */
export const SessionsResolveParams = strict({
  key: optional(text()),
  sessionId: optional(text()),
  label: optional(label()),
  agentId: optional(text()),
  spawnedBy: optional(text()),
  includeGlobal: optional(flag()),
  includeUnknown: optional(flag()),
});
export type SessionsResolveParams = Static<typeof SessionsResolveParams>;

/** Absent keeps a setting, `null` clears it. A session that does not exist is made. */
export const SessionsPatchParams = strict({
  key: text(),
  label: optional(nullable(label())),
  thinkingLevel: optional(nullable(text())),
  verboseLevel: optional(nullable(text())),
  reasoningLevel: optional(nullable(text())),
  responseUsage: optional(nullable(oneOf(["off", "tokens", "full", "on"]))),
  elevatedLevel: optional(nullable(text())),
  execHost: optional(nullable(text())),
  execSecurity: optional(nullable(text())),
  execAsk: optional(nullable(text())),
  execNode: optional(nullable(text())),
  model: optional(nullable(text())),
  spawnedBy: optional(nullable(text())),
  sendPolicy: optional(nullable(oneOf(["allow", "deny"]))),
  groupActivation: optional(nullable(oneOf(["mention", "always"]))),
});
export type SessionsPatchParams = Static<typeof SessionsPatchParams>;

export const SessionsResetParams = strict({ key: text() });
export type SessionsResetParams = Static<typeof SessionsResetParams>;

export const SessionsDeleteParams = strict({ key: text(), deleteTranscript: optional(flag()) });
export type SessionsDeleteParams = Static<typeof SessionsDeleteParams>;

export const SessionsCompactParams = strict({ key: text(), maxLines: optional(int(1)) });
export type SessionsCompactParams = Static<typeof SessionsCompactParams>;

/** Days are inclusive; 30 days up to today when absent. */
export const SessionsUsageParams = strict({
  key: optional(text()),
  startDate: optional(day()),
  endDate: optional(day()),
  limit: optional(int(1)),
  includeContextWeight: optional(flag()),
});
export type SessionsUsageParams = Static<typeof SessionsUsageParams>;

export const SessionsUsageTimeseriesParams = open({ key: text() });
export type SessionsUsageTimeseriesParams = Static<typeof SessionsUsageTimeseriesParams>;

export const SessionsUsageLogsParams = open({ key: text(), limit: optional(int(1)) });
export type SessionsUsageLogsParams = Static<typeof SessionsUsageLogsParams>;

/** Where a session's last reply went. */
export const DeliveryContext = open({
  channel: optional(string()),
  to: optional(string()),
  accountId: optional(string()),
});
export type DeliveryContext = Static<typeof DeliveryContext>;

/** One session in `sessions.list`. */
export const SessionRow = open({
  key: text(),
  kind: oneOf(["direct", "group", "global", "unknown"]),
  label: optional(string()),
  displayName: optional(string()),
  channel: optional(string()),
  chatType: optional(string()),
  origin: optional(open({ provider: optional(string()), surface: optional(string()), chatType: optional(string()) })),
  updatedAt: nullable(time()),
  sessionId: optional(string()),
  systemSent: optional(flag()),
  abortedLastRun: optional(flag()),
  thinkingLevel: optional(string()),
  verboseLevel: optional(string()),
  reasoningLevel: optional(string()),
  elevatedLevel: optional(string()),
  sendPolicy: optional(string()),
  inputTokens: optional(int(0)),
  outputTokens: optional(int(0)),
  totalTokens: optional(int(0)),
  responseUsage: optional(string()),
  modelProvider: optional(string()),
  model: optional(string()),
  contextTokens: optional(nullable(int(0))),
  deliveryContext: optional(DeliveryContext),
  lastChannel: optional(string()),
  lastTo: optional(string()),
  lastAccountId: optional(string()),
  derivedTitle: optional(string()),
  lastMessagePreview: optional(string()),
});
export type SessionRow = Static<typeof SessionRow>;

/** Newest first; `count` is the number of rows returned. */
export const SessionsListResult = open({
  ts: time(),
  path: string(),
  count: int(0),
  defaults: open({
    modelProvider: nullable(string()),
    model: nullable(string()),
    contextTokens: nullable(int(0)),
  }),
  sessions: list(SessionRow),
});
export type SessionsListResult = Static<typeof SessionsListResult>;

export const SessionsPreviewResult = open({
  ts: time(),
  previews: list(
    open({
      key: text(),
      /** "ok", "missing", or another word for a transcript that cannot be shown. */
      status: text(),
      items: list(open({ role: text(), text: string() })),
    }),
  ),
});
export type SessionsPreviewResult = Static<typeof SessionsPreviewResult>;

export const SessionsResolveResult = open({ ok: flag(), key: text() });
export type SessionsResolveResult = Static<typeof SessionsResolveResult>;

/** `key` is the canonical form of the one sent; `entry` is the stored session record. */
export const SessionsPatchResult = open({
  ok: flag(),
  path: optional(string()),
  key: text(),
  entry: anything(),
  resolved: optional(open({ modelProvider: optional(string()), model: optional(string()) })),
});
export type SessionsPatchResult = Static<typeof SessionsPatchResult>;

export const SessionsResetResult = open({ ok: flag(), key: text(), entry: anything() });
export type SessionsResetResult = Static<typeof SessionsResetResult>;

export const SessionsDeleteResult = open({ ok: flag(), key: text(), deleted: flag(), archived: list(string()) });
export type SessionsDeleteResult = Static<typeof SessionsDeleteResult>;

export const SessionsCompactResult = open({
  ok: flag(),
  key: text(),
  compacted: flag(),
  kept: optional(int(0)),
  archived: optional(string()),
  reason: optional(string()),
});
export type SessionsCompactResult = Static<typeof SessionsCompactResult>;
