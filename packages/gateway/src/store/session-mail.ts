import type { Database } from "./database.ts";
import type { TurnRequest } from "./turns.ts";

/** Turns that were called for and have not ended yet. The id of a row is the run id of its turn. */
export interface SessionMail {
  /** Call inside the transaction that calls for the turn. A known id changes nothing. */
  add(request: TurnRequest, now: number): void;
  get(id: string): TurnRequest | undefined;
  /** Oldest first. */
  all(): TurnRequest[];
  /** Call inside the transaction that ends the turn which carried it. */
  remove(id: string): void;
}

export function createSessionMail({ sql }: Database): SessionMail {
  const insert = sql.prepare(
    "INSERT INTO session_mail (id, request, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const byId = sql.prepare("SELECT request FROM session_mail WHERE id = ?");
  const all = sql.prepare("SELECT request FROM session_mail ORDER BY created_at, rowid");
  const remove = sql.prepare("DELETE FROM session_mail WHERE id = ?");
  const parse = ({ request }: { request: string }) => JSON.parse(request) as TurnRequest;

  return {
    add(request, now) {
      insert.run(request.runId, JSON.stringify(request), now);
    },
    get(id) {
      const row = byId.get(id) as { request: string } | undefined;
      return row && parse(row);
    },
    all: () => (all.all() as { request: string }[]).map(parse),
    remove(id) {
      remove.run(id);
    },
  };
}
