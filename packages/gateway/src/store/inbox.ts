import type { Inbound } from "@openclaw/core";
import type { Database } from "./database.ts";

export interface InboxRow {
  id: number;
  channel: string;
  account: string;
  receivedAt: number;
  message: Inbound;
}

export interface Inbox {
  /** Stores one event. Undefined when its key is already there: an earlier delivery was accepted. */
  accept(channel: string, account: string, message: Inbound, now: number): InboxRow | undefined;
  /** Rows that no decision was taken on yet, oldest first: all that a restart must look at again. */
  pending(): InboxRow[];
  /** Takes rows out of `new` because they became part of a turn. Call inside the turn's transaction. */
  assign(ids: readonly number[], turnId: string): void;
  /** Takes a row out of `new` without a turn; `reason` is the decision's code. */
  finish(id: number, reason: string): void;
  /** Forgets finished rows older than `before`, and with them their dedupe keys. */
  prune(before: number): void;
}

interface StoredRow {
  id: number;
  channel: string;
  account: string;
  received_at: number;
  message: string;
}

export function createInbox({ sql, transaction }: Database): Inbox {
  const insert = sql.prepare(
    "INSERT INTO inbox (channel, account, key, received_at, message, state) VALUES (?, ?, ?, ?, ?, 'new') ON CONFLICT DO NOTHING",
  );
  const open = sql.prepare(
    "SELECT id, channel, account, received_at, message FROM inbox WHERE state = 'new' ORDER BY id",
  );
  const assign = sql.prepare("UPDATE inbox SET state = 'turn', turn_id = ? WHERE id = ?");
  const finish = sql.prepare("UPDATE inbox SET state = 'done', reason = ? WHERE id = ?");
  const prune = sql.prepare("DELETE FROM inbox WHERE state <> 'new' AND received_at < ?");

  return {
    accept(channel, account, message, now) {
      return transaction(() => {
        const { changes, lastInsertRowid } = insert.run(channel, account, message.key, now, JSON.stringify(message));
        return changes === 0 ? undefined : { id: Number(lastInsertRowid), channel, account, receivedAt: now, message };
      });
    },
    pending: () =>
      (open.all() as unknown as StoredRow[]).map((row) => ({
        id: row.id,
        channel: row.channel,
        account: row.account,
        receivedAt: row.received_at,
        message: JSON.parse(row.message) as Inbound,
      })),
    assign(ids, turnId) {
      for (const id of ids) assign.run(turnId, id);
    },
    finish(id, reason) {
      finish.run(reason, id);
    },
    prune(before) {
      prune.run(before);
    },
  };
}
