import { type SessionEntry, parseSessionKey } from "@openclaw/core/sessions";

/** Model facts shown for sessions that have not answered yet. */
export interface SessionDefaults {
  modelProvider: string | null;
  model: string | null;
  contextTokens: number | null;
}

/** Fields of an entry that `sessions.list` shows as they are. */
const shown = [
  "label",
  "displayName",
  "spawnedBy",
  "channel",
  "chatType",
  "origin",
  "updatedAt",
  "sessionId",
  "systemSent",
  "abortedLastRun",
  "thinkingLevel",
  "verboseLevel",
  "reasoningLevel",
  "elevatedLevel",
  "sendPolicy",
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "responseUsage",
  "deliveryContext",
  "lastChannel",
  "lastTo",
  "lastAccountId",
] as const satisfies readonly (keyof SessionEntry)[];

export function sessionRow(key: string, entry: SessionEntry, defaults: SessionDefaults): Record<string, unknown> {
  const row: Record<string, unknown> = { key, kind: sessionKind(key) };
  for (const field of shown) if (entry[field] !== undefined) row[field] = entry[field];
  row.modelProvider = entry.modelProvider ?? entry.providerOverride ?? defaults.modelProvider ?? undefined;
  row.model = entry.model ?? entry.modelOverride ?? defaults.model ?? undefined;
  row.contextTokens = entry.contextTokens ?? defaults.contextTokens;
  return row;
}

export function sessionKind(key: string): "direct" | "group" | "global" | "unknown" {
  if (key === "unknown") return "unknown";
  const { kind } = parseSessionKey(key);
  if (kind === "global") return "global";
  return kind === "group" || kind === "channel" ? "group" : "direct";
}
