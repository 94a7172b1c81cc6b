import type { QueueSettings } from "@openclaw/core/reply";
import { atMost } from "../at-most.ts";
import { mayLess } from "../exec-approvals/sender-access.ts";
import type { LaneGroup, TurnRequest, TurnRow } from "../store/turns.ts";
import { type TurnOutcome, withoutAnswer } from "./outcome.ts";
import { applyCap, sameChat, sameTarget } from "./queue-cap.ts";
import { createSessionLanes } from "./session-lanes.ts";
import { wasRead } from "./steering.ts";
import { type ActiveRun, type RunEnd, type TurnRunnerOptions, createTurnRunner, noticeRows } from "./turn-runner.ts";

export interface TurnEngineOptions extends TurnRunnerOptions {
  /** Sessions that work side by side, by group: `agents.defaults.maxConcurrent`, that of sub-agents, nested turns. */
  concurrency(group: LaneGroup): number;
  /** Sessions that are stopped together with one: those of its sub-agents. Default: none. */
  stopWith?(sessionKey: string): readonly string[];
}

export type SubmitResult =
  | { status: "started" | "in_flight" | "steered" | "refused" }
  | { status: "done"; row: TurnRow };

export interface TurnEngine {
  /**
   * Makes the turn durable and queues it. A known run id starts nothing. `queue` says what happens when the session is
   * busy; without it the turn waits for its place and is answered by itself. `also` runs in the transaction that makes
   * a turn without `queue` durable.
   */
  submit(request: TurnRequest, queue?: QueueSettings, also?: () => void): SubmitResult;
  /** Takes up what a previous process left unfinished. */
  recover(): void;
  /**
   * Stops running and queued turns of a session and of its sub-agents, or one turn of it. Returns their run ids, the
   * session's own first.
   */
  abort(sessionKey: string, options: { runId?: string; reason: "rpc" | "stop" }): string[];
  /** Session of a turn that is queued or running. */
  sessionOf(runId: string): string | undefined;
  isBusy(sessionKey: string): boolean;
  /** The request of the turn that a session runs now. */
  current(sessionKey: string): TurnRequest | undefined;
  waitFor(runId: string, timeoutMs: number, signal: AbortSignal): Promise<TurnOutcome | undefined>;
  /** Lets running turns finish for `graceMs`; what is left is resumed at the next start. */
  stop(graceMs: number): Promise<void>;
}

/** A turn that did not survive this many starts of the process is not tried again. */
const MAX_STARTS = 8;
/** From the third start on a turn waits, so that one that brings the process down leaves it time for others, ms. */
const restBefore = (starts: number) => (starts < 2 ? 0 : 1_000 * 2 ** (starts - 2));
/** Ended turns have this long to let go of the agent when the gateway stops, ms. */
const UNWIND_MS = 1_000;

/** Queues turns by session, runs them, and remembers across processes what is still to be done. */
export function createTurnEngine(options: TurnEngineOptions): TurnEngine {
  const { store, clock, log, broadcast, sessions, deliverer } = options;
  const runner = createTurnRunner(options);
  const active = new Map<string, ActiveRun>();
  const queued = new Map<string, TurnRequest>();
  /** Turns that were kept and begun in one transaction, on their way into a free lane. */
  const begun = new Map<string, ActiveRun>();
  /** Turns that wait for the end of another session's. */
  const held: { row: TurnRow; delayMs: number }[] = [];
  const waiters = new Map<string, ((outcome: TurnOutcome) => void)[]>();
  const lanes = createSessionLanes<TurnRow>({
    limit: (group) => options.concurrency(group as LaneGroup),
    group: ({ request }) => request.lane ?? "main",
    clock,
    run,
  });

  async function run(row: TurnRow): Promise<void> {
    queued.delete(row.request.runId);
    let current: ActiveRun;
    try {
      const others = collectable(row);
      for (const { runId } of others) queued.delete(runId);
      current = begun.get(row.request.runId) ?? runner.begin(row, others);
      begun.delete(row.request.runId);
    } catch (error) {
      // It stays queued in the store, and so do the others.
      log.error(`turn ${row.request.runId} could not begin: ${String(error)}`, { session: row.request.sessionKey });
      return;
    }
    const { runId } = current.request;
    active.set(runId, current);
    const end = await runner.run(current, row.starts > 0);
    active.delete(runId);
    if (end) settle(current, end);
  }

  /** Waiting messages that may be answered together with this one. */
  function collectable({ request, starts }: TurnRow): TurnRequest[] {
    if (!request.collect || starts > 0) return [];
    const fits = (other: TurnRow) =>
      other.starts === 0 && other.request.collect === true && sameChat(request, other.request);
    return lanes.remove(request.sessionKey, fits).map((other) => other.request);
  }

  function enqueue(row: TurnRow, delayMs = 0): void {
    const { runId, sessionKey, after } = row.request;
    queued.set(runId, row.request);
    if (isOpen(after)) held.push({ row, delayMs });
    else lanes.add(sessionKey, row, delayMs);
  }

  const isOpen = (runId: string | undefined) => runId !== undefined && (queued.has(runId) || active.has(runId));

  /** Lets turns go that waited for one that has ended. */
  function letGo(): void {
    for (const { row, delayMs } of held.splice(0)) enqueue(row, delayMs);
  }

  function enqueueNew(request: TurnRequest, delayMs?: number): void {
    enqueue({ request, state: "queued", starts: 0, createdAt: clock.now() }, delayMs);
  }

  /** Ends a turn that the runner has no part in. */
  function endTurn(
    request: TurnRequest,
    state: "ok" | "error" | "aborted",
    outcome: TurnOutcome,
    kept: unknown = outcome,
  ): void {
    store.database.transaction(() => {
      store.turns.end(request.runId, state, kept, clock.now());
      options.ending?.(request, outcome);
    });
  }

  const runningIn = (sessionKey: string) =>
    [...active.values()].find(({ request }) => request.sessionKey === sessionKey);

  function keep(request: TurnRequest, also?: () => void): void {
    store.database.transaction(() => {
      also?.();
      store.turns.add(request, clock.now());
      if (request.inboxIds) store.inbox.assign(request.inboxIds, request.runId);
    });
  }

  function settle({ steered, request: { runId } }: ActiveRun, { outcome, unread }: RunEnd): void {
    answer(runId, outcome);
    for (const request of steered) {
      if (unread?.includes(request.text)) {
        // It came too late for the turn and is asked by itself.
        store.turns.rewrite({ ...request, steered: false });
        enqueueNew({ ...request, steered: false });
      } else endTurn(request, unread ? "ok" : "aborted", outcome, { mergedInto: runId });
    }
  }

  function answer(runId: string, outcome: TurnOutcome): void {
    for (const resolve of waiters.get(runId) ?? []) resolve(outcome);
    waiters.delete(runId);
    letGo();
  }

  /** True when the running turn took the message. */
  function steer(request: TurnRequest, queue: QueueSettings): boolean {
    const current = runningIn(request.sessionKey);
    // The answer goes where the running turn answers: another session's words may not bring theirs to a stranger.
    if (current && request.source === "session" && !sameTarget(request, current.request)) return false;
    // Words of somebody who may less would be obeyed with the rights of who asked first.
    if (current && mayLess(request.sender, current.request.sender)) return false;
    if (!current?.turn?.steer(request.text)) return false;
    keep({ ...request, steered: true });
    current.steered.push({ ...request, steered: true });
    if (queue.mode === "steer-backlog") {
      const again = { ...request, runId: `${request.runId}:backlog`, inboxIds: undefined };
      keep(again);
      enqueueNew(again, queue.debounceMs);
    }
    return true;
  }

  /** False when the queue is full and the newcomer is dropped. */
  function wait(request: TurnRequest, queue: QueueSettings): boolean {
    // The cap is for what people write; the words of other sessions are never dropped.
    const counts = (row: TurnRow) => row.request.source !== "session" && sameChat(request, row.request);
    const waiting = lanes.waiting(request.sessionKey).flatMap((row) => (counts(row) ? [row.request] : []));
    const decision = request.source === "session" ? { request, gone: [] } : applyCap(request, waiting, queue);
    for (const { runId } of decision.gone) {
      lanes.remove(request.sessionKey, (row) => row.request.runId === runId);
      queued.delete(runId);
      store.turns.end(runId, "aborted", { droppedFor: request.runId }, clock.now());
    }
    if (!decision.request) return false;
    keep(decision.request);
    enqueueNew(decision.request, queue.debounceMs);
    return true;
  }

  function abort(sessionKey: string, { runId, reason }: { runId?: string; reason: "rpc" | "stop" }): string[] {
    const wanted = (request: TurnRequest) =>
      request.sessionKey === sessionKey && (runId === undefined || request.runId === runId);
    const holding = held.splice(0);
    held.push(...holding.filter(({ row }) => !wanted(row.request)));
    const removed = [
      ...lanes.remove(sessionKey, ({ request }) => wanted(request)),
      ...holding.flatMap(({ row }) => (wanted(row.request) ? [row] : [])),
    ].map(({ request }) => request);
    for (const request of removed) {
      const outcome = withoutAnswer("aborted", "aborted before it started", clock.now(), clock.now());
      queued.delete(request.runId);
      endTurn(request, "aborted", outcome);
      broadcast.aborted(request, reason);
      answer(request.runId, outcome);
    }
    const running = [...active.values()].filter(({ request }) => wanted(request));
    for (const current of running) {
      current.reason = reason;
      current.controller.abort(new Error("stopped"));
    }
    return [...removed, ...running.map(({ request }) => request)].map((request) => request.runId);
  }

  function giveUp({ request, startedAt, createdAt }: TurnRow): void {
    const outcome = withoutAnswer(
      "error",
      "the gateway stopped each time this was tried",
      startedAt ?? createdAt,
      clock.now(),
    );
    store.database.transaction(() => {
      deliverer.enqueue(
        noticeRows(
          request,
          "I was interrupted several times while working on your last message and gave it up. Please send it again.",
        ),
      );
      endTurn(request, "error", outcome);
    });
    letGo();
  }

  return {
    submit(request, queue, also) {
      const known = store.turns.get(request.runId);
      if (known) {
        const isKnownOpen = known.state === "queued" || known.state === "running";
        return isKnownOpen ? { status: "in_flight" } : { status: "done", row: known };
      }
      const { sessionKey } = request;
      const asked = { ...request, collect: queue?.mode === "collect" };
      const isBusy = lanes.isBusy(sessionKey) || lanes.waiting(sessionKey).length > 0;
      if (!queue || !isBusy) {
        const row: TurnRow = { request: asked, state: "queued", starts: 0, createdAt: clock.now() };
        store.database.transaction(() => {
          keep(asked, also);
          if (!isOpen(asked.after) && lanes.startsNow(sessionKey, row)) begun.set(asked.runId, runner.begin(row, []));
        });
        enqueue(row);
        return { status: "started" };
      }
      if (queue.mode === "interrupt") abort(sessionKey, { reason: "stop" });
      if (queue.mode.startsWith("steer") && steer(asked, queue)) return { status: "steered" };
      return { status: wait(asked, queue) ? "started" : "refused" };
    },
    recover() {
      for (const row of store.turns.open()) {
        if (row.starts >= MAX_STARTS) giveUp(row);
        else if (row.request.steered && wasRead(row.request, sessions.open(row.request).transcript)) {
          endTurn(row.request, "ok", withoutAnswer("ok", undefined, row.createdAt, clock.now()), {
            mergedInto: "an interrupted turn",
          });
        } else enqueue(row, restBefore(row.starts));
      }
    },
    abort(sessionKey, how) {
      const children = how.runId === undefined ? (options.stopWith?.(sessionKey) ?? []) : [];
      return [sessionKey, ...children].flatMap((key) => abort(key, how));
    },
    sessionOf: (runId) => (active.get(runId)?.request ?? queued.get(runId))?.sessionKey,
    isBusy: (sessionKey) => lanes.isBusy(sessionKey),
    current: (sessionKey) => runningIn(sessionKey)?.request,
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
      await atMost(graceMs, idle, clock);
      for (const { controller } of active.values()) controller.abort(new Error("the gateway is stopping"));
      await atMost(UNWIND_MS, idle, clock);
    },
  };
}
