import type { ChannelStore, Clock } from "@openclaw/plugin-sdk";

/**
 * After a week without updates the platform starts ids anew at a random number (Bot API, Update.update_id). An offset
 * from before would then confirm, and so lose, updates nobody read.
 */
const TRUSTED_MS = 6 * 24 * 60 * 60 * 1000;

export interface OffsetStore {
  /** Offset for the first poll after a start; undefined when none is stored or it is too old to be safe. */
  load(): Promise<number | undefined>;
  save(lastUpdateId: number): Promise<void>;
}

/** The last update handed to the gateway, kept for each bot: another token starts afresh. */
export function createOffsetStore(store: ChannelStore, clock: Clock, botId: number): OffsetStore {
  const key = `offset:${botId}`;
  return {
    async load() {
      const stored = await store.get<{ lastUpdateId: number; at: number }>(key);
      if (stored === undefined || clock.now() - stored.at > TRUSTED_MS) return undefined;
      return stored.lastUpdateId + 1;
    },
    save: (lastUpdateId) => store.set(key, { lastUpdateId, at: clock.now() }),
  };
}
