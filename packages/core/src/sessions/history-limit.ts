import type { StoredMessage } from "./transcript-types.ts";
import { parseSessionKey } from "./parse-session-key.ts";

/** The part of a channel's configuration that limits what a direct chat remembers. */
export interface HistorySettings {
  /** User turns. Absent: all. */
  dmHistoryLimit?: number;
  /** By the peer's id. */
  dms?: Readonly<Record<string, { historyLimit?: number }>>;
}

/** How many user turns the model sees of a session. Only direct chats with a key of their own are limited. */
export function historyLimit(sessionKey: string, settings: HistorySettings | undefined): number | undefined {
  const parsed = parseSessionKey(sessionKey);
  if (parsed.kind !== "direct") return undefined;
  const limit = settings?.dms?.[parsed.peerId]?.historyLimit ?? settings?.dmHistoryLimit;
  return limit !== undefined && limit > 0 ? limit : undefined;
}

/** The last `turns` user messages with all that followed them. */
export function lastUserTurns(messages: readonly StoredMessage[], turns: number): StoredMessage[] {
  let left = turns;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    if (messages[at]?.role !== "user") continue;
    left -= 1;
    if (left === 0) return messages.slice(at);
  }
  return [...messages];
}
