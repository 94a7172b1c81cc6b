import type { Turn, TurnResult } from "@openclaw/agent";
import type { Clock, Log } from "@openclaw/core";
import type { Deliverer } from "../delivery/deliverer.ts";
import type { NewOutboxRow } from "../store/outbox.ts";
import type { Store } from "../store/store.ts";
import type { TurnRequest, TurnRow } from "../store/turns.ts";
import type { AgentPool } from "./agent-pool.ts";
import { collect } from "./collect.ts";
import { questionIsKept } from "./resume.ts";
import type { RunBroadcast } from "./run-broadcast.ts";
import { createSessionLanes } from "./session-lanes.ts";
import type { TurnSessions } from "./turn-sessions.ts";

/** How a turn ended; kept in the ledger for `agent.wait` and idempotent repeats. */
export interface TurnOutcome {
  status: "ok" | "error" | "aborted" | "timeout";
  startedAt: number;
  endedAt: number;
  payloads: { text: string; mediaUrls?: string[] }[];
  provider: string;
  model: string;
  usage: TurnResult["usage"];
  sessionId: string;
  error?: string;
  promptReport?: Record<string, unknown>;
}

export interface TurnEngineOptions {
  store: Store;
  agents: AgentPool;
  sessions: TurnSessions;
  deliverer: Deliverer;
  broadcast: RunBroadcast;
  clock: Clock;
  log: Log;
  /** `agents.defaults.maxConcurrent`: turns running side by side. */
  concurrency(): number;
  /** Splits and shapes an answer for its route into ledger rows. */
  shape(request: TurnRequest, result: Pick<TurnResult, "payloads" | "provider" | "model">): Promise<ShapedReply>;
  /** A turn began, said more (everything so far), or ended: typing indicators and drafts. */
  progress(request: TurnRequest, phase: "start" | "text" | "end", text?: string): void;
}

export interface ShapedReply {
  rows: NewOutboxRow[];
  /** What people see; undefined when the answer was meant to be silent. */
  text: string | undefined;
}

export type SubmitResult = { status: "started" } | { status: "in_flight" } | { status: "done"; row: TurnRow };

export interface TurnEngine {
  /** Makes the turn durable and queues it. A known run id starts nothing. `within` joins the same transaction. */
  submit(request: TurnRequest, within?: () => void): SubmitResult;
  /** Takes up what a previous process left unfinished. */
  recover(): void;
  /** Adds a message to the session's running turn. False when there is none or it cannot take it. */
  steer(sessionKey: string, text: string): boolean;
  /** Stops running and queued turns of a session, or one of them. Returns their run ids. */
  abort(sessionKey: string, options: { runId?: string; reason: "rpc" | "stop" }): string[];
  /** Session of a turn that is queued or running. */
  sessionOf(runId: string): string | undefined;
  isBusy(sessionKey: string): boolean;
  waitFor(runId: string, timeoutMs: number, signal: AbortSignal): Promise<TurnOutcome | undefined>;
  /** Lets running turns finish for `graceMs`; what is left is resumed at the next start. */
  stop(graceMs: number): Promise<void>;
}

interface ActiveRun {
  request: TurnRequest;
  controller: AbortController;
  turn?: Turn;
  reason?: "rpc" | "stop";
  text: string;
}

/** A turn that brought the process down this often is not tried again. */
const MAX_STARTS = 3;

export function createTurnEngine(options: TurnEngineOptions): TurnEngine {
  const { store, clock, log, broadcast, sessions, deliverer } = options;
  const active = new Map<string, ActiveRun>();
  const queued = new Map<string, TurnRequest>();
  const waiters = new Map<string, ((outcome: TurnOutcome) => void)[]>();
  const lanes = createSessionLanes<TurnRow>(options.concurrency, run);
  let stopping = false;

  function enqueue(row: TurnRow): void {
    queued.set(row.request.runId, row.request);
    lanes.add(row.request.sessionKey, row);
  }

  async function run(row: TurnRow): Promise<void> {
    queued.delete(row.request.runId);
    const startedAt = clock.now();
    const request = begin(row, startedAt);
    const current: ActiveRun = { request, controller: new AbortController(), text: "" };
    active.set(request.runId, current);
    options.progress(request, "start");
    try {
      const result = await execute(current, row.starts > 0);
      if (stopping && result.status === "aborted" && !current.reason) return;
      await finish(current, result, startedAt);
    } catch (error) {
      log.error(`turn ${request.runId} failed: ${String(error)}`, { session: request.sessionKey });
      fail(current, error, startedAt);
    } finally {
      active.delete(request.runId);
      options.progress(request, "end");
    }
  }

  /** Marks the turn as running, with the messages that queued up behind it and the session's system events folded in. */
  function begin(row: TurnRow, now: number): TurnRequest {
    return store.database.transaction(() => {
      let { request } = row;
      if (row.starts === 0) {
        const others = collectable(request);
        const events = store.systemEvents.drain(request.sessionKey);
        const merged = collect(request, others, events);
        if (merged !== request) {
          store.turns.merge(merged, others.map((other) => other.runId), now);
          for (const other of others) queued.delete(other.runId);
        }
        request = merged;
      }
      store.turns.start(request.runId, now);
      return request;
    });
  }

  /** Waiting messages of the same chat; turns asked for by RPC keep their own answers. */
  function collectable(request: TurnRequest): TurnRequest[] {
    if (request.source !== "channel" || !request.route) return [];
    const same = ({ request: other, starts }: TurnRow) =>
      starts === 0 &&
      other.source === "channel" &&
      other.agentId === request.agentId &&
      other.route?.channel === request.route?.channel &&
      other.route?.account === request.route?.account &&
      other.route?.target === request.route?.target;
    return lanes.remove(request.sessionKey, same).map((other) => other.request);
  }

  async function execute(current: ActiveRun, resumed: boolean): Promise<TurnResult> {
    const { request, controller } = current;
    const agent = await options.agents.get(request.agentId);
    const session = sessions.open(request);
    const kept = resumed && questionIsKept(request.runId, session.transcript);
    if (resumed) log.info(`turn ${request.runId} was interrupted and is ${kept ? "continued" : "run again"}`, { session: request.sessionKey });
    const turn = agent.run({
      runId: request.runId,
      sessionKey: request.sessionKey,
      transcript: session.transcript,
      message: kept ? undefined : { text: request.text, images: request.images },
      model: request.model ?? session.model,
      thinking: request.thinking ?? session.thinking,
      extraSystemPrompt: request.extraSystemPrompt,
      channel: request.route?.channel ?? request.origin.provider,
      timeoutMs: request.timeoutMs,
      signal: controller.signal,
    });
    current.turn = turn;
    for await (const event of turn) {
      if (controller.signal.aborted) continue;
      if (event.stream === "assistant") {
        current.text = event.data.text;
        options.progress(request, "text", current.text);
      }
      broadcast.event(request, event);
    }
    return turn.result;
  }

  async function finish(current: ActiveRun, result: TurnResult, startedAt: number): Promise<void> {
    const { request } = current;
    const endedAt = clock.now();
    const stopped = result.status === "aborted";
    const reply: ShapedReply = stopped ? { rows: [], text: undefined } : await options.shape(request, result);
    const outcome: TurnOutcome = {
      status: result.status,
      startedAt,
      endedAt,
      payloads: result.payloads,
      provider: result.provider,
      model: result.model,
      usage: result.usage,
      sessionId: sessions.note(request, result, endedAt),
      ...(result.error ? { error: result.error.message } : {}),
      ...(result.promptReport ? { promptReport: result.promptReport } : {}),
    };
    const state = stopped ? "aborted" : result.status === "ok" ? "ok" : "error";
    store.database.transaction(() => {
      deliverer.enqueue(reply.rows);
      store.turns.end(request.runId, state, outcome, endedAt);
    });
    if (stopped) broadcast.aborted(request, current.reason ?? "rpc", current.text || undefined);
    else broadcast.final(request, reply.text, result);
    settle(request.runId, outcome);
  }

  /** Something outside the agent broke (disk full, agent not loadable): say so where the question came from. */
  function fail(current: ActiveRun, error: unknown, startedAt: number): void {
    const { request } = current;
    const message = error instanceof Error ? error.message : String(error);
    const outcome = failure(message, startedAt, clock.now());
    try {
      store.database.transaction(() => {
        deliverer.enqueue(noticeRows(request, `I could not answer: ${message}`));
        store.turns.end(request.runId, "error", outcome, outcome.endedAt);
      });
    } catch (storeError) {
      // The turn stays `running` in the ledger and is taken up again at the next start.
      log.error(`turn ${request.runId} could not be settled: ${String(storeError)}`);
    }
    broadcast.error(request, message);
    settle(request.runId, outcome);
  }

  function settle(runId: string, outcome: TurnOutcome): void {
    for (const resolve of waiters.get(runId) ?? []) resolve(outcome);
    waiters.delete(runId);
  }

  function abortQueued(sessionKey: string, runId: string | undefined): string[] {
    const removed = lanes.remove(sessionKey, ({ request }) => runId === undefined || request.runId === runId);
    for (const { request } of removed) {
      const outcome = { ...failure("aborted before it started", clock.now(), clock.now()), status: "aborted" as const };
      queued.delete(request.runId);
      store.turns.end(request.runId, "aborted", outcome, outcome.endedAt);
      broadcast.aborted(request, "rpc");
      settle(request.runId, outcome);
    }
    return removed.map(({ request }) => request.runId);
  }

  return {
    submit(request, within) {
      const known = store.turns.get(request.runId);
      if (known) {
        const open = known.state === "queued" || known.state === "running";
        return open ? { status: "in_flight" } : { status: "done", row: known };
      }
      store.database.transaction(() => {
        store.turns.add(request, clock.now());
        if (request.inboxIds) store.inbox.assign(request.inboxIds, request.runId);
        within?.();
      });
      enqueue({ request, state: "queued", starts: 0, createdAt: clock.now() });
      return { status: "started" };
    },
    recover() {
      for (const row of store.turns.open()) {
        if (row.starts < MAX_STARTS) {
          enqueue(row);
          continue;
        }
        const outcome = failure("the gateway stopped each time this was tried", row.startedAt ?? row.createdAt, clock.now());
        store.database.transaction(() => {
          deliverer.enqueue(noticeRows(row.request, "I was interrupted several times while working on your last message and gave it up. Please send it again."));
          store.turns.end(row.request.runId, "error", outcome, outcome.endedAt);
        });
      }
    },
    steer(sessionKey, text) {
      for (const { request, turn } of active.values()) if (request.sessionKey === sessionKey && turn) return turn.steer(text);
      return false;
    },
    abort(sessionKey, { runId, reason }) {
      const ids = abortQueued(sessionKey, runId);
      for (const current of active.values()) {
        if (current.request.sessionKey !== sessionKey || (runId !== undefined && current.request.runId !== runId)) continue;
        current.reason = reason;
        current.controller.abort(new Error("stopped"));
        ids.push(current.request.runId);
      }
      return ids;
    },
    sessionOf: (runId) => (active.get(runId)?.request ?? queued.get(runId))?.sessionKey,
    isBusy: (sessionKey) => lanes.isBusy(sessionKey),
    waitFor(runId, timeoutMs, signal) {
      const row = store.turns.get(runId);
      if (row?.outcome) return Promise.resolve(row.outcome as TurnOutcome);
      return new Promise((resolve) => {
        const done = (outcome?: TurnOutcome) => {
          cancel();
          signal.removeEventListener("abort", onAbort);
          resolve(outcome);
        };
        const onAbort = () => done();
        const cancel = clock.after(timeoutMs, () => done());
        signal.addEventListener("abort", onAbort, { once: true });
        waiters.set(runId, [...(waiters.get(runId) ?? []), done]);
      });
    },
    async stop(graceMs) {
      const idle = lanes.stop();
      await Promise.race([idle, clock.sleep(graceMs)]);
      stopping = true;
      for (const { controller } of active.values()) controller.abort(new Error("the gateway is stopping"));
      await Promise.race([idle, clock.sleep(1_000)]);
    },
  };
}

function failure(error: string, startedAt: number, endedAt: number): TurnOutcome {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0, cost: 0 };
  return { status: "error", startedAt, endedAt, payloads: [], provider: "", model: "", usage, sessionId: "", error };
}

function noticeRows({ route, runId, sessionKey }: TurnRequest, text: string): NewOutboxRow[] {
  if (!route) return [];
  const { channel, account, target } = route;
  return [{ turnId: runId, seq: 0, sessionKey, channel, account, target, purpose: "notice", message: { text } }];
}
