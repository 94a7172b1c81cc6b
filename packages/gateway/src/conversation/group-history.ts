import type { Inbound } from "@openclaw/core";

/** A group message that was not for us, kept as context for the next one that is. */
export interface PendingMessage {
  sender: string;
  text: string;
  timestamp: number;
}

/** Groups remembered at once; the longest silent ones are forgotten first. */
const KEPT_SESSIONS = 1_000;

export interface GroupHistory {
  add(sessionKey: string, message: Inbound, limit: number): void;
  /** Takes what was said since the last answer, oldest first. */
  take(sessionKey: string): PendingMessage[];
}

export function createGroupHistory(): GroupHistory {
  const pending = new Map<string, PendingMessage[]>();
  return {
    add(sessionKey, { sender, text, media, timestamp }, limit) {
      if (limit <= 0) return;
      const list = pending.get(sessionKey) ?? [];
      const files = media?.length ? ` [${media.map(({ kind }) => kind).join(", ")}]` : "";
      list.push({ sender: sender.name ?? sender.username ?? sender.id, text: `${text}${files}`, timestamp });
      pending.delete(sessionKey);
      pending.set(sessionKey, list.slice(-limit));
      if (pending.size > KEPT_SESSIONS) pending.delete(pending.keys().next().value as string);
    },
    take(sessionKey) {
      const list = pending.get(sessionKey) ?? [];
      pending.delete(sessionKey);
      return list;
    },
  };
}
