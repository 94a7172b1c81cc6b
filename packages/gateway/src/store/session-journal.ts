import type { SessionEntry, SessionJournal } from "@openclaw/core/sessions";
import type { Database } from "./database.ts";
import type { KeyValueStore } from "./key-value.ts";

/** The durable mirror of one `sessions.json`, named by its path. */
export function createSessionJournal({ sql }: Database, values: KeyValueStore, store: string): SessionJournal {
  const load = sql.prepare("SELECT key, entry FROM sessions WHERE store = ?");
  const put = sql.prepare(
    "INSERT INTO sessions (store, key, entry) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET entry = excluded.entry",
  );
  const remove = sql.prepare("DELETE FROM sessions WHERE store = ? AND key = ?");
  const scope = "sessions-export";
  return {
    load: () =>
      (load.all(store) as { key: string; entry: string }[]).map(
        ({ key, entry }) => [key, JSON.parse(entry) as SessionEntry] as const,
      ),
    put(key, entry) {
      put.run(store, key, JSON.stringify(entry));
    },
    delete(key) {
      remove.run(store, key);
    },
    stamp: () => values.get(scope, store) as string | undefined,
    setStamp(stamp) {
      values.set(scope, store, stamp);
    },
  };
}
