import type { Agent, AgentEvent, Turn, TurnInput, TurnResult } from "@openclaw/agent";
import type { Clock, Log } from "@openclaw/core";
import type { Deliverer } from "../delivery/deliverer.ts";
import type { NewOutboxRow } from "../store/outbox.ts";
import type { Store } from "../store/store.ts";
import type { TurnRequest, TurnRow } from "../store/turns.ts";
import type { AgentPool } from "./agent-pool.ts";
import { collect } from "./collect.ts";
import { type TurnOutcome, withoutAnswer } from "./outcome.ts";
import { questionIsKept } from "./resume.ts";
import type { RunBroadcast } from "./run-broadcast.ts";
import type { TurnSessions } from "./turn-sessions.ts";

export interface TurnRunnerOptions {
  store: Store;
  agents: AgentPool;
  sessions: TurnSessions;
  deliverer: Deliverer;
  broadcast: RunBroadcast;
  clock: Clock;
  log: Log;
  /** Splits and shapes an answer for its route into ledger rows. */
  shape(
    request: TurnRequest,
    result: Pick<TurnResult, "payloads" | "provider" | "model" | "usage" | "compactions">,
  ): Promise<ShapedReply>;
  /** A turn began, said more (everything so far), or ended: typing indicators and drafts. */
  progress(request: TurnRequest, phase: "start" | "text" | "end", text?: string): void;
  /** Every event of a turn that nobody has stopped, in order. */
  observe?(request: TurnRequest, event: AgentEvent): void;
  /** What the kind of a session asks of every turn in it. Default: nothing. */
  rules?(request: TurnRequest): TurnRules;
  /** Called in the transaction that ends a turn, whichever way it ends. Turns that were folded into another end with it. */
  ending?(request: TurnRequest, outcome: TurnOutcome): void;
}

export type TurnRules = Pick<TurnInput, "promptMode" | "toolPolicy" | "extraSystemPrompt" | "exec">;

export interface ShapedReply {
  rows: NewOutboxRow[];
  /** What people see; undefined when the answer was meant to be silent. */
  text: string | undefined;
}

export interface ActiveRun {
  request: TurnRequest;
  controller: AbortController;
  turn?: Turn;
  /** Who stopped it; undefined while nobody has. */
  reason?: "rpc" | "stop";
  /** Everything said so far. */
  text: string;
  /** Messages it was given on the way; settled when it ends. */
  steered: TurnRequest[];
}

/** What the engine hears of a run that ended. */
export interface RunEnd {
  outcome: TurnOutcome;
  /** Steered messages that no model call has seen; undefined when everything was stopped. */
  unread: readonly string[] | undefined;
}

export interface TurnRunner {
  /** Marks the turn as running, with what queued up behind it and the session's system events folded in. */
  begin(row: TurnRow, others: readonly TurnRequest[]): ActiveRun;
  /** Runs it to its end. Undefined when the gateway stops first: the turn is taken up again at the next start. */
  run(current: ActiveRun, resumed: boolean): Promise<RunEnd | undefined>;
}

/** Runs one turn: the agent, its events, and the transaction that ends it. */
export function createTurnRunner(options: TurnRunnerOptions): TurnRunner {
  const { store, clock, log, broadcast, sessions, deliverer } = options;

  async function execute(current: ActiveRun, resumed: boolean): Promise<TurnResult> {
    const { request } = current;
    const { agent, release } = await options.agents.borrow(request.agentId);
    try {
      return await drive(agent, current, resumed);
    } finally {
      release();
    }
  }

  async function drive(agent: Agent, current: ActiveRun, resumed: boolean): Promise<TurnResult> {
    const { request, controller } = current;
    const session = sessions.open(request);
    const kept = resumed && questionIsKept(request.runId, session.transcript);
    if (resumed)
      log.info(`turn ${request.runId} was interrupted and is ${kept ? "continued" : "run again"}`, {
        session: request.sessionKey,
      });
    const rules = options.rules?.(request);
    const prompt = [rules?.extraSystemPrompt, request.extraSystemPrompt].filter((part) => part !== undefined);
    const turn = agent.run({
      runId: request.runId,
      sessionKey: request.sessionKey,
      transcript: session.transcript,
      message: kept ? undefined : { text: request.text, images: request.images },
      model: request.model ?? session.model,
      thinking: request.thinking ?? session.thinking,
      authProfile: session.authProfile,
      ...rules,
      toolPolicy: [...(request.toolPolicy ?? []), ...(rules?.toolPolicy ?? [])],
      ...(request.skills ? { skills: request.skills } : {}),
      extraSystemPrompt: prompt.length > 0 ? prompt.join("\n\n") : undefined,
      channel: request.route?.channel ?? request.origin.provider,
      cause: request.cause ?? (request.source === "session" ? "subagent" : "message"),
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
      options.observe?.(request, event);
    }
    return turn.result;
  }

  async function finish(current: ActiveRun, result: TurnResult, startedAt: number): Promise<RunEnd> {
    const { request } = current;
    const endedAt = clock.now();
    const stopped = result.status === "aborted";
    if (result.error && !stopped)
      log.warn(`turn ${request.runId} ended with ${result.status}: ${result.error.message}`, {
        session: request.sessionKey,
      });
    const reply: ShapedReply = stopped ? { rows: [], text: undefined } : await options.shape(request, result);
    const base: Omit<TurnOutcome, "sessionId"> = {
      status: result.status,
      startedAt,
      endedAt,
      payloads: result.payloads,
      provider: result.provider,
      model: result.model,
      usage: result.usage,
      ...(result.error ? { error: result.error.message } : {}),
      ...(result.promptReport ? { promptReport: result.promptReport } : {}),
    };
    const outcome = store.database.transaction(() => {
      const settled: TurnOutcome = { ...base, sessionId: sessions.note(request, result, endedAt) };
      deliverer.enqueue(reply.rows);
      store.turns.end(request.runId, stopped ? "aborted" : result.status === "ok" ? "ok" : "error", settled, endedAt);
      options.ending?.(request, settled);
      return settled;
    });
    if (stopped) broadcast.aborted(request, current.reason ?? "rpc", current.text || undefined);
    else broadcast.final(request, reply.text, result);
    return { outcome, unread: stopped ? undefined : (result.unread ?? []) };
  }

  /** Something outside the agent broke (disk full, agent not loadable): say so where the question came from. */
  function fail({ request, steered }: ActiveRun, error: unknown, startedAt: number): RunEnd {
    const message = error instanceof Error ? error.message : String(error);
    log.error(`turn ${request.runId} failed: ${message}`, { session: request.sessionKey });
    const outcome = withoutAnswer("error", message, startedAt, clock.now());
    try {
      store.database.transaction(() => {
        deliverer.enqueue(noticeRows(request, `I could not answer: ${message}`));
        store.turns.end(request.runId, "error", outcome, outcome.endedAt);
        options.ending?.(request, outcome);
      });
    } catch (storeError) {
      // The turn stays `running` in the ledger and is taken up again at the next start.
      log.error(`turn ${request.runId} could not be settled: ${String(storeError)}`);
    }
    broadcast.error(request, message);
    return { outcome, unread: steered.map(({ text }) => text) };
  }

  return {
    begin(row, others) {
      const request = store.database.transaction(() => {
        const events = row.starts === 0 ? store.systemEvents.drain(row.request.sessionKey) : [];
        const folded = row.starts === 0 ? collect(row.request, others, events) : row.request;
        if (folded !== row.request)
          store.turns.merge(
            folded,
            others.map(({ runId }) => runId),
            clock.now(),
          );
        store.turns.start(folded.runId, clock.now());
        return folded;
      });
      return { request, controller: new AbortController(), text: "", steered: [] };
    },
    async run(current, resumed) {
      const startedAt = clock.now();
      options.progress(current.request, "start");
      try {
        const result = await execute(current, resumed);
        // Aborted by nobody: the gateway is stopping.
        if (result.status === "aborted" && !current.reason) return undefined;
        return await finish(current, result, startedAt);
      } catch (error) {
        return fail(current, error, startedAt);
      } finally {
        options.progress(current.request, "end");
      }
    },
  };
}

/** The gateway's own words to the chat a turn belongs to; nothing when it has none. */
export function noticeRows({ route, runId, sessionKey }: TurnRequest, text: string): NewOutboxRow[] {
  if (!route) return [];
  const { channel, account, target } = route;
  return [{ turnId: runId, seq: 0, sessionKey, channel, account, target, purpose: "notice", message: { text } }];
}
