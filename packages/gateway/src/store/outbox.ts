import type { Outbound } from "@openclaw/core";
import type { Database } from "./database.ts";

export type OutboxState = "queued" | "sending" | "sent" | "failed" | "unknown";

/** One platform message in the send ledger. */
export interface OutboxRow {
  /** Also `Outbound.id`: what a platform's idempotency key is derived from. */
  id: string;
  turnId: string;
  seq: number;
  sessionKey?: string;
  channel: string;
  account: string;
  target: string;
  message: Outbound;
  /** A `notice` is the gateway's own sentence (pairing, lost delivery); it is never repeated when its outcome is unknown. */
  purpose: "reply" | "notice";
  state: OutboxState;
  attempts: number;
  /** Epoch ms before which it is not tried again. */
  notBefore: number;
  messageId?: string;
  error?: string;
  createdAt: number;
}

export type NewOutboxRow = Pick<OutboxRow, "turnId" | "seq" | "channel" | "account" | "target" | "purpose"> & {
  sessionKey?: string;
  /** Epoch ms before which it is not sent. */
  notBefore?: number;
  message: Omit<Outbound, "id">;
};

export interface Outbox {
  /** Adds rows that are not there yet (same turn and seq: same row) and returns the new ones. */
  add(rows: readonly NewOutboxRow[], now: number): OutboxRow[];
  get(id: string): OutboxRow | undefined;
  /** Everything a turn has said so far, in order. */
  ofTurn(turnId: string): OutboxRow[];
  /** Everything said under turn ids that begin so, in order. */
  ofTurnsNamed(prefix: string): OutboxRow[];
  /** Rows still to be settled, in the order they were added. */
  open(): OutboxRow[];
  /** Rows of one chat whose outcome is unknown, oldest first. */
  unknown(channel: string, account: string, target: string): OutboxRow[];
  sending(id: string, now: number): void;
  sent(id: string, messageId: string, now: number): void;
  retry(id: string, notBefore: number, error: string, now: number): void;
  settle(id: string, state: "failed" | "unknown", error: string, now: number): void;
  /** Puts a row of unknown outcome back in the queue, because a person or a setting said so. */
  requeue(id: string, now: number): void;
  prune(before: number): void;
}

interface StoredRow {
  id: string;
  turn_id: string;
  seq: number;
  session_key: string | null;
  channel: string;
  account: string;
  target: string;
  payload: string;
  purpose: "reply" | "notice";
  state: OutboxState;
  attempts: number;
  not_before: number;
  message_id: string | null;
  error: string | null;
  created_at: number;
}

export function createOutbox({ sql, transaction }: Database): Outbox {
  const insert = sql.prepare(
    `INSERT INTO outbox (id, turn_id, seq, session_key, channel, account, target, payload, purpose, state, not_before, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const byId = sql.prepare("SELECT * FROM outbox WHERE id = ?");
  const ofTurn = sql.prepare("SELECT * FROM outbox WHERE turn_id = ? ORDER BY seq");
  const named = sql.prepare("SELECT * FROM outbox WHERE turn_id >= ? AND turn_id < ? ORDER BY created_at, rowid");
  const open = sql.prepare("SELECT * FROM outbox WHERE state IN ('queued', 'sending') ORDER BY created_at, rowid");
  const unknown = sql.prepare(
    "SELECT * FROM outbox WHERE state = 'unknown' AND channel = ? AND account = ? AND target = ? ORDER BY created_at, rowid",
  );
  const sending = sql.prepare(
    "UPDATE outbox SET state = 'sending', attempts = attempts + 1, updated_at = ? WHERE id = ?",
  );
  const sent = sql.prepare(
    "UPDATE outbox SET state = 'sent', message_id = ?, error = NULL, updated_at = ? WHERE id = ?",
  );
  const retry = sql.prepare(
    "UPDATE outbox SET state = 'queued', not_before = ?, error = ?, updated_at = ? WHERE id = ?",
  );
  const settle = sql.prepare("UPDATE outbox SET state = ?, error = ?, updated_at = ? WHERE id = ?");
  const requeue = sql.prepare("UPDATE outbox SET state = 'queued', not_before = 0, updated_at = ? WHERE id = ?");
  const prune = sql.prepare("DELETE FROM outbox WHERE state IN ('sent', 'failed', 'unknown') AND updated_at < ?");
  const rows = (stored: unknown[]) => (stored as StoredRow[]).map(fromStored);

  return {
    add(newRows, now) {
      return transaction(() =>
        newRows.flatMap((row) => {
          const id = `${row.turnId}:${row.seq}`;
          const message = JSON.stringify(row.message);
          const { turnId, seq, channel, account, target, purpose, sessionKey = null, notBefore = 0 } = row;
          const { changes } = insert.run(
            id,
            turnId,
            seq,
            sessionKey,
            channel,
            account,
            target,
            message,
            purpose,
            notBefore,
            now,
            now,
          );
          return changes === 0 ? [] : rows([byId.get(id)]);
        }),
      );
    },
    get(id) {
      const row = byId.get(id) as unknown as StoredRow | undefined;
      return row && fromStored(row);
    },
    ofTurn: (turnId) => rows(ofTurn.all(turnId)),
    ofTurnsNamed: (prefix) => rows(named.all(prefix, `${prefix}\u{10ffff}`)),
    open: () => rows(open.all()),
    unknown: (channel, account, target) => rows(unknown.all(channel, account, target)),
    sending(id, now) {
      sending.run(now, id);
    },
    sent(id, messageId, now) {
      sent.run(messageId, now, id);
    },
    retry(id, notBefore, error, now) {
      retry.run(notBefore, error, now, id);
    },
    settle(id, state, error, now) {
      settle.run(state, error, now, id);
    },
    requeue(id, now) {
      requeue.run(now, id);
    },
    prune(before) {
      prune.run(before);
    },
  };
}

function fromStored(row: StoredRow): OutboxRow {
  return {
    id: row.id,
    turnId: row.turn_id,
    seq: row.seq,
    ...(row.session_key === null ? {} : { sessionKey: row.session_key }),
    channel: row.channel,
    account: row.account,
    target: row.target,
    message: { id: row.id, ...(JSON.parse(row.payload) as Omit<Outbound, "id">) },
    purpose: row.purpose,
    state: row.state,
    attempts: row.attempts,
    notBefore: row.not_before,
    ...(row.message_id === null ? {} : { messageId: row.message_id }),
    ...(row.error === null ? {} : { error: row.error }),
    createdAt: row.created_at,
  };
}
