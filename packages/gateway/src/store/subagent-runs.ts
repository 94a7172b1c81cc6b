import type { Database } from "./database.ts";
import type { ReplyRoute } from "./turns.ts";

/** One piece of work that a session handed to a sub-agent. Fields up to `cleanupCompletedAt` are those of runs.json. */
export interface SubagentRun {
  /** Also the run id of the child's turn. */
  runId: string;
  childSessionKey: string;
  requesterSessionKey: string;
  /** Where the question came from that the work is for. */
  requesterOrigin?: { channel?: string; to?: string; accountId?: string; threadId?: string | number };
  /** The requester's key as its client wrote it. */
  requesterDisplayKey: string;
  task: string;
  /** `delete`: the child's session is archived as soon as its result was taken. */
  cleanup: "keep" | "delete";
  label?: string;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  outcome?: { status: "ok" | "error" | "timeout"; error?: string };
  /** Epoch ms; absent: never. */
  archiveAtMs?: number;
  /** The result was taken, or nobody is to get it. */
  cleanupHandled?: boolean;
  cleanupCompletedAt?: number;
  /** Where the requester's reply to the result goes. */
  route?: ReplyRoute;
  /** The requester was stopped: nobody waits for the result. */
  stopped?: boolean;
}

export interface SubagentRuns {
  add(run: SubagentRun): void;
  get(runId: string): SubagentRun | undefined;
  ofChild(childKey: string): SubagentRun | undefined;
  ofRequester(requesterKey: string): SubagentRun[];
  all(): SubagentRun[];
  change(runId: string, change: Partial<SubagentRun>): void;
  remove(runId: string): void;
}

export function createSubagentRuns({ sql, transaction }: Database): SubagentRuns {
  const insert = sql.prepare(
    "INSERT INTO subagent_runs (id, child_key, requester_key, run, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const byId = sql.prepare("SELECT run FROM subagent_runs WHERE id = ?");
  const byChild = sql.prepare("SELECT run FROM subagent_runs WHERE child_key = ?");
  const byRequester = sql.prepare("SELECT run FROM subagent_runs WHERE requester_key = ? ORDER BY created_at, rowid");
  const all = sql.prepare("SELECT run FROM subagent_runs ORDER BY created_at, rowid");
  const update = sql.prepare("UPDATE subagent_runs SET run = ? WHERE id = ?");
  const remove = sql.prepare("DELETE FROM subagent_runs WHERE id = ?");
  const parse = (row: unknown) => JSON.parse((row as { run: string }).run) as SubagentRun;
  const one = (row: unknown) => (row === undefined ? undefined : parse(row));

  return {
    add(run) {
      insert.run(run.runId, run.childSessionKey, run.requesterSessionKey, JSON.stringify(run), run.createdAt);
    },
    get: (runId) => one(byId.get(runId)),
    ofChild: (childKey) => one(byChild.get(childKey)),
    ofRequester: (requesterKey) => byRequester.all(requesterKey).map(parse),
    all: () => all.all().map(parse),
    change(runId, change) {
      transaction(() => {
        const run = one(byId.get(runId));
        if (run) update.run(JSON.stringify({ ...run, ...change }), runId);
      });
    },
    remove(runId) {
      remove.run(runId);
    },
  };
}
