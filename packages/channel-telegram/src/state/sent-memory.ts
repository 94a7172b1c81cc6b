import type { ChannelStore, Clock, Log } from "@openclaw/plugin-sdk";

const KEY = "sent";
const LIMIT = 1000;
const SAVE_DELAY_MS = 5000;

/**
 * Which messages are ours, and in which topic they stand: reactions tell neither. The newest 1000, saved a little late;
 * what a kill forgets only costs a reaction notice.
 */
export interface SentMemory {
  add(chatId: string, messageId: number, threadId: number | undefined): void;
  find(chatId: string, messageId: number): { threadId?: number } | undefined;
  close(): Promise<void>;
}

export async function createSentMemory(store: ChannelStore, clock: Clock, log: Log): Promise<SentMemory> {
  const sent = new Map<string, number>((await store.get<[string, number][]>(KEY)) ?? []);
  let cancelSave: (() => void) | undefined;
  const save = async () => {
    cancelSave?.();
    cancelSave = undefined;
    await store
      .set(KEY, [...sent])
      .catch((error: unknown) => log.warn(`sent messages were not saved: ${String(error)}`));
  };
  return {
    add(chatId, messageId, threadId) {
      sent.set(`${chatId}/${messageId}`, threadId ?? 0);
      const oldest = sent.size > LIMIT ? sent.keys().next().value : undefined;
      if (oldest !== undefined) sent.delete(oldest);
      cancelSave ??= clock.after(SAVE_DELAY_MS, () => void save());
    },
    find(chatId, messageId) {
      const threadId = sent.get(`${chatId}/${messageId}`);
      if (threadId === undefined) return undefined;
      return threadId === 0 ? {} : { threadId };
    },
    close: async () => {
      if (cancelSave !== undefined) await save();
    },
  };
}
