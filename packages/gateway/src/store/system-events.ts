import type { Database } from "./database.ts";

export interface SystemEvent {
  at: number;
  text: string;
}

/** Things a session should hear about at its next turn. First in, first out, at most 20 a session. */
export interface SystemEvents {
  /** Consecutive duplicates are dropped. */
  add(sessionKey: string, text: string, now: number): void;
  peek(sessionKey: string): SystemEvent[];
  /** What waits in any session, newest first. */
  newest(limit: number): SystemEvent[];
  /** Takes all waiting events of a session. */
  drain(sessionKey: string): SystemEvent[];
}

const LIMIT = 20;

export function createSystemEvents({ sql, transaction }: Database): SystemEvents {
  const newest = sql.prepare("SELECT text FROM system_events WHERE session_key = ? ORDER BY id DESC LIMIT 1");
  const insert = sql.prepare("INSERT INTO system_events (session_key, at, text) VALUES (?, ?, ?)");
  const list = sql.prepare("SELECT at, text FROM system_events WHERE session_key = ? ORDER BY id");
  const newestOfAll = sql.prepare("SELECT at, text FROM system_events ORDER BY id DESC LIMIT ?");
  const clear = sql.prepare("DELETE FROM system_events WHERE session_key = ?");
  const trim = sql.prepare(
    `DELETE FROM system_events WHERE session_key = ? AND id NOT IN
     (SELECT id FROM system_events WHERE session_key = ? ORDER BY id DESC LIMIT ${LIMIT})`,
  );
  const peek = (sessionKey: string) => list.all(sessionKey) as unknown as SystemEvent[];

  return {
    add(sessionKey, text, now) {
      transaction(() => {
        if ((newest.get(sessionKey) as { text: string } | undefined)?.text === text) return;
        insert.run(sessionKey, now, text);
        trim.run(sessionKey, sessionKey);
      });
    },
    peek,
    newest: (limit) => newestOfAll.all(limit) as unknown as SystemEvent[],
    drain: (sessionKey) =>
      transaction(() => {
        const events = peek(sessionKey);
        if (events.length > 0) clear.run(sessionKey);
        return events;
      }),
  };
}
