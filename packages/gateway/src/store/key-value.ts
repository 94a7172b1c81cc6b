import type { ChannelStore } from "@openclaw/plugin-sdk/channel";
import type { Database } from "./database.ts";

/** Durable JSON values under a scope; a channel account sees only its own. */
export interface KeyValueStore {
  get(scope: string, key: string): unknown;
  set(scope: string, key: string, value: unknown): void;
  delete(scope: string, key: string): void;
}

export function createKeyValueStore({ sql }: Database): KeyValueStore {
  const get = sql.prepare("SELECT value FROM kv WHERE scope = ? AND key = ?");
  const set = sql.prepare(
    "INSERT INTO kv (scope, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  const remove = sql.prepare("DELETE FROM kv WHERE scope = ? AND key = ?");
  return {
    get(scope, key) {
      const row = get.get(scope, key) as { value: string } | undefined;
      return row === undefined ? undefined : (JSON.parse(row.value) as unknown);
    },
    set(scope, key, value) {
      set.run(scope, key, JSON.stringify(value));
    },
    delete(scope, key) {
      remove.run(scope, key);
    },
  };
}

/** The store of one channel account. */
export const channelStore = (values: KeyValueStore, channel: string, account: string): ChannelStore => {
  const scope = `channel:${channel}:${account}`;
  return {
    get: async <T>(key: string) => values.get(scope, key) as T | undefined,
    set: async (key, value) => values.set(scope, key, value),
    delete: async (key) => values.delete(scope, key),
  };
};
