export interface PendingMessage {
  sender: string;
  text: string;
  /** Epoch ms. */
  timestamp: number;
  messageId?: string;
}

/** Messages of groups that nobody answered, kept until the next turn reads them as context. */
export interface PendingHistory {
  /** `limit`: how many of this chat are kept; 0 keeps none. */
  add(key: string, message: PendingMessage, limit: number): void;
  get(key: string): readonly PendingMessage[];
  /** After a reply. */
  clear(key: string): void;
}

/** Chats are forgotten from the least recently used on, beyond `maxKeys` (1000). */
export function createPendingHistory({ maxKeys = 1000 }: { maxKeys?: number } = {}): PendingHistory {
  const chats = new Map<string, PendingMessage[]>();
  return {
    add(key, message, limit) {
      const messages = limit > 0 ? [...(chats.get(key) ?? []), message].slice(-limit) : [];
      chats.delete(key);
      if (messages.length > 0) chats.set(key, messages);
      const oldest = chats.size > maxKeys ? chats.keys().next().value : undefined;
      if (oldest !== undefined) chats.delete(oldest);
    },
    get: (key) => chats.get(key) ?? [],
    clear: (key) => void chats.delete(key),
  };
}

/** The current message with what was said before it. `lines`: the earlier messages, in their envelopes. */
export function withPendingHistory(lines: readonly string[], current: string): string {
  if (lines.length === 0) return current;
  return `[Chat messages since your last reply - for context]\n${lines.join("\n")}\n\n[Current message - respond to this]\n${current}`;
}
