import type { Turn, TurnResult } from "@openclaw/agent";
import type { Clock, Log } from "@openclaw/core";
import type { QueueSettings } from "@openclaw/core/reply";
import type { Deliverer } from "../delivery/deliverer.ts";
import type { NewOutboxRow } from "../store/outbox.ts";
import type { Store } from "../store/store.ts";
import type { TurnRequest, TurnRow } from "../store/turns.ts";
import type { AgentPool } from "./agent-pool.ts";
import { collect } from "./collect.ts";
import { questionIsKept } from "./resume.ts";
import type { RunBroadcast } from "./run-broadcast.ts";
import { createSessionLanes } from "./session-lanes.ts";
import { wasRead } from "./steering.ts";
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

export type SubmitResult = { status: "started" | "in_flight" | "steered" | "refused" } | { status: "done"; row: TurnRow };

export interface TurnEngine {
  /**
   * Makes the turn durable and queues it. A known run id starts nothing. `queue` says what happens when the session is
   * busy; without it the turn waits for its place and is answered by itself.
   */
  submit(request: TurnRequest, queue?: QueueSettings): SubmitResult;
  /** Takes up what a previous process left unfinished. */
  recover(): void;
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
  /** Messages it was given on the way; settled when it ends. */
  steered: TurnRequest[];
}

/** A turn that did not survive this many starts of the process is not tried again. */
const MAX_STARTS = 8;
/** From the third start on a turn waits, so that one that brings the process down leaves it time for others, ms. */
const restBefore = (starts: number) => (starts < 2 ? 0 : 1_000 * 2 ** (starts - 2));

export function createTurnEngine(options: TurnEngineOptions): TurnEngine {
  const { store, clock, log, broadcast, sessions, deliverer } = options;
  const active = new Map<string, ActiveRun>();
  const queued = new Map<string, TurnRequest>();
  const waiters = new Map<string, ((outcome: TurnOutcome) => void)[]>();
  const lanes = createSessionLanes<TurnRow>({ limit: options.concurrency, clock, run });
  let stopping = false;

  function enqueue(row: TurnRow, delayMs = 0): void {
    queued.set(row.request.runId, row.request);
    lanes.add(row.request.sessionKey, row, delayMs);
  }

  const enqueueNew = (request: TurnRequest, delayMs?: number) =>
    enqueue({ request, state: "queued", starts: 0, createdAt: clock.now() }, delayMs);

  async function run(row: TurnRow): Promise<void> {
    queued.delete(row.request.runId);
    const startedAt = clock.now();
    const request = begin(row, startedAt);
    const current: ActiveRun = { request, controller: new AbortController(), text: "", steered: [] };
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
    if (!request.collect || !request.route) return [];
    const same = ({ request: other, starts }: TurnRow) => starts === 0 && other.collect === true && sameChat(request, other);
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
    settleSteered(current, stopped ? undefined : (result.unread ?? []));
  }

  /** What the turn read on the way was answered by it; what came too late is asked by itself. Undefined: all stopped. */
  function settleSteered({ steered, request: { runId } }: ActiveRun, unread: readonly string[] | undefined): void {
    for (const request of steered) {
      if (unread?.includes(request.text)) {
        store.turns.rewrite({ ...request, steered: false });
        enqueueNew({ ...request, steered: false });
        continue;
      }
      const now = clock.now();
      store.turns.end(request.runId, unread ? "ok" : "aborted", { mergedInto: runId }, now);
    }
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
    settleSteered(current, current.steered.map(({ text }) => text));
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

  function keep(request: TurnRequest): void {
    store.database.transaction(() => {
      store.turns.add(request, clock.now());
      if (request.inboxIds) store.inbox.assign(request.inboxIds, request.runId);
    });
  }

  /** Applies the queue's cap. Undefined: the newcomer is the one that is dropped. */
  function admit(request: TurnRequest, { cap, drop }: QueueSettings): TurnRequest | undefined {
    // Counted for each chat: people who share a session do not push each other out, nor read each other's summary.
    const waiting = lanes.waiting(request.sessionKey).filter(({ request: other }) => sameChat(request, other));
    if (waiting.length < cap) return request;
    if (drop === "new") return undefined;
    const surplus = new Set(waiting.slice(0, waiting.length + 1 - cap).map((row) => row.request.runId));
    const gone = lanes.remove(request.sessionKey, (row) => surplus.has(row.request.runId)).map((row) => row.request);
    for (const { runId } of gone) {
      queued.delete(runId);
      store.turns.end(runId, "aborted", { droppedFor: request.runId }, clock.now());
    }
    if (drop === "old") return request;
    const lines = gone.flatMap(({ dropped, body }) => [...(dropped?.lines ?? []), firstLine(body)]);
    const count = gone.reduce((sum, { dropped }) => sum + (dropped?.count ?? 0) + 1, 0);
    return { ...request, dropped: { lines: lines.slice(-cap), count } };
  }

  function abort(sessionKey: string, { runId, reason }: { runId?: string; reason: "rpc" | "stop" }): string[] {
    const ids = abortQueued(sessionKey, runId);
    for (const current of active.values()) {
      if (current.request.sessionKey !== sessionKey || (runId !== undefined && current.request.runId !== runId)) continue;
      current.reason = reason;
      current.controller.abort(new Error("stopped"));
      ids.push(current.request.runId);
    }
    return ids;
  }

  return {
    submit(request, queue) {
      const known = store.turns.get(request.runId);
      if (known) {
        const open = known.state === "queued" || known.state === "running";
        return open ? { status: "in_flight" } : { status: "done", row: known };
      }
      const { sessionKey } = request;
      const busy = lanes.isBusy(sessionKey) || lanes.waiting(sessionKey).length > 0;
      if (!queue || !busy) {
        keep({ ...request, collect: queue?.mode === "collect" });
        enqueueNew({ ...request, collect: queue?.mode === "collect" });
        return { status: "started" };
      }
      if (queue.mode === "interrupt") abort(sessionKey, { reason: "stop" });
      const current = [...active.values()].find((run) => run.request.sessionKey === sessionKey);
      const steers = queue.mode === "steer" || queue.mode === "steer-backlog";
      if (steers && current?.turn?.steer(request.text)) {
        keep({ ...request, steered: true });
        current.steered.push({ ...request, steered: true });
        if (queue.mode === "steer") return { status: "steered" };
        // Also answered afterwards by itself, as its own turn.
        const again = { ...request, runId: `${request.runId}:backlog`, inboxIds: undefined };
        keep(again);
        enqueueNew(again, queue.debounceMs);
        return { status: "steered" };
      }
      const waiting = { ...request, collect: queue.mode === "collect" };
      const admitted = admit(waiting, queue);
      if (!admitted) return { status: "refused" };
      keep(admitted);
      enqueueNew(admitted, queue.debounceMs);
      return { status: "started" };
    },
    recover() {
      for (const row of store.turns.open()) {
        if (row.starts < MAX_STARTS) {
          if (row.request.steered && wasRead(row.request, sessions.open(row.request).transcript)) {
            store.turns.end(row.request.runId, "ok", { mergedInto: "an interrupted turn" }, clock.now());
          } else enqueue(row, restBefore(row.starts));
          continue;
        }
        const outcome = failure("the gateway stopped each time this was tried", row.startedAt ?? row.createdAt, clock.now());
        store.database.transaction(() => {
          deliverer.enqueue(noticeRows(row.request, "I was interrupted several times while working on your last message and gave it up. Please send it again."));
          store.turns.end(row.request.runId, "error", outcome, outcome.endedAt);
        });
      }
    },
    abort,
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

/** Both are answered by one agent in one place. */
function sameChat(one: TurnRequest, other: TurnRequest): boolean {
  if (!one.route || !other.route || one.agentId !== other.agentId) return false;
  return one.route.channel === other.route.channel && one.route.account === other.route.account && one.route.target === other.route.target;
}

const LINE_CHARS = 160;

function firstLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`;
}
