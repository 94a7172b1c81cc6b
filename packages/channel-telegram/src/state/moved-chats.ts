import type { ChannelHost } from "@openclaw/plugin-sdk";

const KEY = "moved";

/** Groups that became supergroups: the old id is refused for ever, so sends follow to the new one. */
export interface MovedChats {
  /** Where the chat is now; the id itself when it never moved. */
  current(chatId: string): string;
  /** Durable, and told to the gateway, when it resolves. */
  record(from: string, to: string): Promise<void>;
}

export async function createMovedChats(host: ChannelHost): Promise<MovedChats> {
  const moved = new Map(Object.entries((await host.store.get<Record<string, string>>(KEY)) ?? {}));
  return {
    current: (chatId) => moved.get(chatId) ?? chatId,
    async record(from, to) {
      if (moved.get(from) === to) return;
      moved.set(from, to);
      await host.store.set(KEY, Object.fromEntries(moved));
      await host.chatMoved?.(from, to);
      host.log.info(`group ${from} became supergroup ${to}`);
    },
  };
}
