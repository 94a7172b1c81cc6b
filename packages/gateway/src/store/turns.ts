import type { PolicyLayer } from "@openclaw/agent";
import type { SenderAccess } from "../exec-approvals/sender-access.ts";
import type { Database } from "./database.ts";

/** Where a turn's reply goes; fixed when the message came in. */
export interface ReplyRoute {
  channel: string;
  account: string;
  target: string;
  /** Message that the reply quotes, when the chat's reply mode says so. */
  replyTo?: string;
  /** Whether the first part quotes it or all do. */
  replyToMode?: "first" | "all";
  /** The chat is the owner's with themselves: answers are marked as ours. */
  selfChat?: boolean;
}

/** Everything a turn needs to be run, and run again after a crash. Plain JSON. */
export interface TurnRequest {
  runId: string;
  /** Canonical session key. */
  sessionKey: string;
  /** The key as the caller wrote it, echoed in events. */
  displayKey: string;
  agentId: string;
  /** `session`: the work or the words of another session, not of a person. It leaves the session's route alone. */
  source: "channel" | "chat" | "agent" | "session";
  /** What is recorded with its model calls and looked up in `budgets.causes`. Default: by its source. */
  cause?: string;
  /** What the model reads, envelope included. */
  text: string;
  /** What a person wrote, for titles and collected queues. */
  body: string;
  images?: { data: string; mimeType: string }[];
  /** Absent: the reply is for the caller's surface only. */
  route?: ReplyRoute;
  /** For a new session's entry and the prompt's runtime line. */
  origin: { provider: string; chatType: "direct" | "group" | "channel"; label?: string; from?: string };
  model?: string;
  thinking?: "off" | "minimal" | "low" | "medium" | "high" | "xhigh";
  /** What of this turn is shown beside its answer, over the session's own choice. */
  levels?: { verbose?: string; reasoning?: string };
  timeoutMs?: number;
  extraSystemPrompt?: string;
  /** What the chat it came from takes away from the agent's tools. */
  toolPolicy?: readonly PolicyLayer[];
  /** The only skills that are offered in this chat. */
  skills?: readonly string[];
  /** Run id of a turn that must have ended before this one begins (a broadcast, one agent after the other). */
  after?: string;
  inboxIds?: number[];
  /** What its sender may do with commands. Absent: no person sent it. */
  sender?: SenderAccess;
  /** May be answered together with what waits beside it in the same chat (queue mode `collect`). */
  collect?: boolean;
  /** Was given to a running turn, which may have read it already (queue mode `steer`). */
  steered?: boolean;
  /** First lines of messages that the queue's cap dropped before this one, and how many they were. */
  dropped?: { lines: string[]; count: number };
  /** Whose places it takes: `subagent` for spawned work, `nested` for turns that a running turn waits for. Default `main`. */
  lane?: LaneGroup;
  /** Mail that this turn brings to its session; it is kept until the turn has ended. */
  mail?: string[];
  /** The conversation between agents that this turn is a step of. */
  exchange?: Exchange;
}

/** Turns of different groups do not wait for each other's places. */
export type LaneGroup = "main" | "subagent" | "nested";

/** Where a conversation that `sessions_send` began stands. */
export interface Exchange {
  requesterKey: string;
  targetKey: string;
  message: string;
  /** `ask`: the message itself; `reply`: an answer goes to the other side; `announce`: what the target's own chat hears. */
  step: "ask" | "reply" | "announce";
  /** Replies that went back or forth so far. */
  round: number;
  maxRounds: number;
  firstReply?: string;
  latestReply?: string;
}

export type TurnState = "queued" | "running" | "ok" | "error" | "aborted";

export interface TurnRow {
  request: TurnRequest;
  state: TurnState;
  /** How often it was started; above one after a crash in the middle. */
  starts: number;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  /** JSON of the final answer, for idempotent repeats and `agent.wait`. */
  outcome?: unknown;
}

export interface TurnStore {
  /** False when the id is already known. */
  add(request: TurnRequest, now: number): boolean;
  get(id: string): TurnRow | undefined;
  start(id: string, now: number): void;
  end(id: string, state: "ok" | "error" | "aborted", outcome: unknown, now: number): void;
  /** Queued and running turns, oldest first. After a start of the process: what a crash left. */
  open(): TurnRow[];
  /** Changes a turn that has not started. */
  rewrite(request: TurnRequest): void;
  /** Folds queued turns into one: `into` gets the new request, the others end as `ok`. */
  merge(into: TurnRequest, others: readonly string[], now: number): void;
  prune(before: number): void;
}

interface StoredRow {
  id: string;
  request: string;
  state: TurnState;
  starts: number;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  outcome: string | null;
}

export function createTurnStore({ sql, transaction }: Database): TurnStore {
  const insert = sql.prepare(
    "INSERT INTO turns (id, session_key, state, request, created_at) VALUES (?, ?, 'queued', ?, ?) ON CONFLICT DO NOTHING",
  );
  const byId = sql.prepare("SELECT * FROM turns WHERE id = ?");
  const open = sql.prepare("SELECT * FROM turns WHERE state IN ('queued', 'running') ORDER BY created_at, rowid");
  const start = sql.prepare("UPDATE turns SET state = 'running', starts = starts + 1, started_at = ? WHERE id = ?");
  const end = sql.prepare("UPDATE turns SET state = ?, outcome = ?, ended_at = ? WHERE id = ?");
  const rewrite = sql.prepare("UPDATE turns SET request = ? WHERE id = ?");
  const prune = sql.prepare("DELETE FROM turns WHERE ended_at IS NOT NULL AND ended_at < ?");

  return {
    add: (request, now) => insert.run(request.runId, request.sessionKey, JSON.stringify(request), now).changes > 0,
    get(id) {
      const row = byId.get(id) as unknown as StoredRow | undefined;
      return row && fromStored(row);
    },
    start(id, now) {
      start.run(now, id);
    },
    end(id, state, outcome, now) {
      end.run(state, JSON.stringify(outcome), now, id);
    },
    open: () => (open.all() as unknown as StoredRow[]).map(fromStored),
    rewrite(request) {
      rewrite.run(JSON.stringify(request), request.runId);
    },
    merge(into, others, now) {
      transaction(() => {
        rewrite.run(JSON.stringify(into), into.runId);
        for (const id of others) end.run("ok", JSON.stringify({ mergedInto: into.runId }), now, id);
      });
    },
    prune(before) {
      prune.run(before);
    },
  };
}

function fromStored(row: StoredRow): TurnRow {
  return {
    request: JSON.parse(row.request) as TurnRequest,
    state: row.state,
    starts: row.starts,
    createdAt: row.created_at,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.outcome === null ? {} : { outcome: JSON.parse(row.outcome) as unknown }),
  };
}
