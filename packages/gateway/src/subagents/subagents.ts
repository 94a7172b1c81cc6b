import { subagentSessionKey } from "@openclaw/core/sessions";
import { OpenClawError } from "@openclaw/core";
import { createSaveQueue } from "../devices/save-queue.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { uuidFrom } from "../session-tools/call-ids.ts";
import type { SubagentRun } from "../store/subagent-runs.ts";
import type { ReplyRoute, TurnRequest } from "../store/turns.ts";
import type { Mailroom } from "../turns/mailroom.ts";
import type { TurnOutcome } from "../turns/outcome.ts";
import type { TurnRules } from "../turns/turn-runner.ts";
import { announcement, findingsOf, statsLine } from "./announcement.ts";
import { createRunsFile } from "./runs-file.ts";
import { configuredFor, spawnTarget } from "./spawn-rules.ts";
import { isSubagent, turnRules } from "./turn-rules.ts";

/** Work for a sub-agent, as `sessions_spawn` gets it. */
export interface SpawnOrder {
  task: string;
  label?: string;
  agentId?: string;
  /** `provider/model` or alias. */
  model?: string;
  thinking?: TurnRequest["thinking"];
  /** 0 or absent: as long as any turn of the agent. */
  runTimeoutSeconds?: number;
  /** Default `keep`. */
  cleanup?: "keep" | "delete";
}

export interface Subagents {
  /** Starts one and returns at once. The same `runId` starts nothing again. Throws what the model should read. */
  spawn(
    order: SpawnOrder,
    by: { requesterKey: string; runId: string; signal: AbortSignal },
  ): Promise<{ childSessionKey: string; runId: string }>;
  rules(request: TurnRequest): TurnRules;
  /** Call inside the transaction that ends a turn. */
  ending(request: TurnRequest, outcome: TurnOutcome): void;
  /** The sessions of a requester's unfinished sub-agents; their results are no longer wanted. */
  stopWith(requesterKey: string): string[];
  /** Takes up what a previous process or installation left, and starts the sweep. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

export type SubagentsContext = Pick<
  GatewayContext,
  "config" | "clock" | "log" | "store" | "sessions" | "agents" | "engine" | "stateDir"
>;

/** How often sessions whose time has come are looked for, ms. */
const SWEEP_MS = 60_000;
const DEFAULT_ARCHIVE_MINUTES = 60;
const LABEL_CHARS = 64;
/** Follows the run id in the id of the turn that brings the result to the requester. */
const RESULT = ":result";

export function createSubagents(context: SubagentsContext, mailroom: Mailroom): Subagents {
  const { config, clock, store, sessions, engine } = context;
  const log = context.log.child("subagents");
  const runs = store.subagents;
  const file = createRunsFile({ stateDir: context.stateDir, values: store.values, log });
  const save = createSaveQueue(() => file.write(runs.all()));
  let cancelSweep = () => {};
  let stopped = false;

  const exportSoon = () =>
    void save().catch((error: unknown) => log.error(`the list of sub-agents could not be written: ${String(error)}`));
  /** For use inside a transaction: afterwards, when there is one state to look at. */
  const afterwards = (work: () => void) => queueMicrotask(() => !stopped && work());

  async function spawn(order: SpawnOrder, { requesterKey, runId, signal }: Parameters<Subagents["spawn"]>[1]) {
    if (isSubagent(requesterKey)) {
      throw new OpenClawError({
        code: "SUBAGENT_NESTED",
        message: "A sub-agent cannot start sub-agents.",
        hint: "Do the work yourself.",
      });
    }
    const requester = sessions.agentOf(requesterKey);
    const agentId = spawnTarget(config(), requester, order.agentId);
    const known = runs.get(runId);
    if (known) return { childSessionKey: known.childSessionKey, runId };
    const question = engine.current(requesterKey);
    const model = await chooseModel(order.model, agentId, requesterKey, question);
    // Stopped meanwhile: nobody would stop the child.
    signal.throwIfAborted();
    const thinking = order.thinking ?? (configuredFor(config(), agentId).thinking as TurnRequest["thinking"]);
    const run = newRun(order, { requesterKey, runId, agentId, question });
    const request: TurnRequest = {
      runId,
      sessionKey: run.childSessionKey,
      displayKey: run.childSessionKey,
      agentId,
      source: "session",
      text: order.task,
      body: order.task,
      origin: { provider: question?.origin.provider ?? "webchat", chatType: "direct" },
      lane: "subagent",
      ...(model ? { model } : {}),
      ...(thinking ? { thinking } : {}),
      ...(order.runTimeoutSeconds ? { timeoutMs: order.runTimeoutSeconds * 1000 } : {}),
    };
    engine.submit(request, undefined, () => {
      runs.add(run);
      sessions.patch(run.childSessionKey, {
        spawnedBy: requesterKey,
        chatType: "direct",
        label: run.label && freeLabel(run.label),
        thinkingLevel: thinking,
        ...overrideOf(model),
      });
    });
    exportSoon();
    return { childSessionKey: run.childSessionKey, runId };
  }

  function newRun(
    order: SpawnOrder,
    from: { requesterKey: string; runId: string; agentId: string; question?: TurnRequest },
  ): SubagentRun {
    const { requesterKey, runId, question } = from;
    const minutes = config().agents?.defaults?.subagents?.archiveAfterMinutes ?? DEFAULT_ARCHIVE_MINUTES;
    const route = question?.route && {
      channel: question.route.channel,
      account: question.route.account,
      target: question.route.target,
    };
    const label = order.label?.trim().slice(0, LABEL_CHARS);
    return {
      runId,
      childSessionKey: subagentSessionKey(from.agentId, uuidFrom(`${runId} session`)),
      requesterSessionKey: requesterKey,
      requesterOrigin: route
        ? { channel: route.channel, to: route.target, accountId: route.account }
        : { channel: question?.origin.provider ?? "webchat" },
      requesterDisplayKey: question?.displayKey ?? requesterKey,
      task: order.task,
      cleanup: order.cleanup ?? "keep",
      ...(label ? { label } : {}),
      createdAt: clock.now(),
      ...(minutes > 0 ? { archiveAtMs: clock.now() + minutes * 60_000 } : {}),
      ...(route ? { route } : {}),
    };
  }

  /** The order's, then the configured one, then what the requester itself is answered with. */
  async function chooseModel(
    wanted: string | undefined,
    agentId: string,
    requesterKey: string,
    question: TurnRequest | undefined,
  ): Promise<string | undefined> {
    if (wanted) {
      const { provider, model } = await (await context.agents.get(agentId)).resolveModel(wanted);
      return `${provider}/${model}`;
    }
    const configured = configuredFor(config(), agentId).model;
    if (configured || agentId !== sessions.agentOf(requesterKey)) return configured;
    const { modelOverride, providerOverride } = sessions.entry(requesterKey) ?? {};
    return question?.model ?? (modelOverride && `${providerOverride ?? "anthropic"}/${modelOverride}`);
  }

  function freeLabel(label: string): string {
    const isUsed = (name: string) => sessions.list({ label: name, limit: 1 }).length > 0;
    if (!isUsed(label)) return label;
    for (let number = 2; ; number++) {
      const suffix = ` ${number}`;
      const name = `${label.slice(0, LABEL_CHARS - suffix.length)}${suffix}`;
      if (!isUsed(name)) return name;
    }
  }

  /** What the requester hears; undefined when nobody is to hear. */
  function resultMail(run: SubagentRun, findings: string, stats?: string): TurnRequest | undefined {
    const entry = sessions.entry(run.requesterSessionKey);
    if (!entry || run.stopped) return undefined;
    const { text, note } = announcement(run, findings, stats);
    const silenced = sessions.sendPolicy(run.requesterSessionKey) === "deny";
    return {
      runId: `${run.runId}${RESULT}`,
      sessionKey: run.requesterSessionKey,
      displayKey: run.requesterDisplayKey,
      agentId: sessions.agentOf(run.requesterSessionKey),
      source: "session",
      text,
      body: note,
      origin: { provider: run.requesterOrigin?.channel ?? "webchat", chatType: entry.chatType ?? "direct" },
      ...(run.route && !silenced ? { route: run.route } : {}),
    };
  }

  function childEnded(run: SubagentRun, outcome: TurnOutcome): void {
    const ended: SubagentRun = {
      ...run,
      startedAt: outcome.startedAt,
      endedAt: outcome.endedAt,
      outcome: outcomeOf(outcome),
    };
    finish(ended, findingsOf(outcome), statsLine(outcome));
  }

  /** The result and what is to be done with it come into being together. */
  function finish(run: SubagentRun, findings: string, stats?: string): void {
    runs.change(run.runId, run);
    const mail = resultMail(run, findings, stats);
    if (mail) mailroom.post(mail);
    else taken(run.runId);
  }

  function taken(runId: string): void {
    runs.change(runId, { cleanupHandled: true, cleanupCompletedAt: clock.now() });
  }

  /** Archives the sessions whose time has come and whose result was taken. */
  function sweep(): void {
    const due = (run: SubagentRun) =>
      run.cleanupCompletedAt !== undefined &&
      (run.cleanup === "delete" || (run.archiveAtMs !== undefined && run.archiveAtMs <= clock.now()));
    for (const run of runs.all()) {
      if (!due(run) || engine.isBusy(run.childSessionKey)) continue;
      try {
        sessions.remove(run.childSessionKey, true);
        runs.remove(run.runId);
      } catch (error) {
        log.error(`${run.childSessionKey} could not be archived: ${String(error)}`);
      }
    }
    exportSoon();
  }

  function sweepAgain(): void {
    sweep();
    cancelSweep = clock.after(SWEEP_MS, sweepAgain);
  }

  /** A run that another installation left: its work is done or lost, and its result still to be told when it was not. */
  function adopt(found: SubagentRun): void {
    const childSessionKey = sessions.canonical(found.childSessionKey);
    if (!isSubagent(childSessionKey) || runs.get(found.runId)) return;
    const run: SubagentRun = {
      ...found,
      childSessionKey,
      requesterSessionKey: sessions.canonical(found.requesterSessionKey),
      route: routeOf(found),
      endedAt: found.endedAt ?? clock.now(),
      outcome: found.endedAt
        ? (found.outcome ?? { status: "ok" })
        : { status: "error", error: "the installation that ran it stopped" },
    };
    store.database.transaction(() => {
      runs.add(run);
      if (run.cleanupHandled || run.cleanupCompletedAt) taken(run.runId);
      else finish(run, sessions.texts(childSessionKey, 1)[0]?.text ?? "(it said nothing)");
    });
  }

  return {
    spawn,
    rules: (request) =>
      turnRules(request, isSubagent(request.sessionKey) ? runs.ofChild(request.sessionKey) : undefined, config()),
    ending(request, outcome) {
      const run = request.lane === "subagent" ? runs.get(request.runId) : undefined;
      if (run && run.endedAt === undefined) childEnded(run, outcome);
      const results = (request.mail ?? []).flatMap((id) => (id.endsWith(RESULT) ? [id.slice(0, -RESULT.length)] : []));
      for (const runId of results) taken(runId);
      if (run || results.length > 0) afterwards(sweep);
    },
    stopWith(requesterKey) {
      const unfinished = runs.ofRequester(requesterKey).filter(({ endedAt }) => endedAt === undefined);
      for (const { runId } of unfinished) runs.change(runId, { stopped: true });
      return unfinished.map(({ childSessionKey }) => childSessionKey);
    },
    async recover() {
      for (const found of await file.foreign()) {
        try {
          adopt(found);
        } catch (error) {
          log.error(`sub-agent run ${found.runId} could not be taken over: ${String(error)}`);
        }
      }
      // Their requester was stopped and the process ended before they did.
      for (const { childSessionKey, endedAt, stopped: unwanted } of runs.all()) {
        if (unwanted && endedAt === undefined) engine.abort(childSessionKey, { reason: "stop" });
      }
      if (!stopped) sweepAgain();
    },
    async stop() {
      stopped = true;
      cancelSweep();
      await save().catch(() => {});
    },
  };
}

function outcomeOf({ status, error }: TurnOutcome): NonNullable<SubagentRun["outcome"]> {
  if (status === "ok") return { status };
  if (status === "aborted") return { status: "error", error: "stopped" };
  return { status, ...(error ? { error } : {}) };
}

/** The session's own choice of model, so that later messages to it are answered by the same. */
function overrideOf(model: string | undefined): { providerOverride?: string; modelOverride?: string } {
  const slash = model?.indexOf("/") ?? -1;
  return model && slash > 0 ? { providerOverride: model.slice(0, slash), modelOverride: model.slice(slash + 1) } : {};
}

function routeOf({ route, requesterOrigin }: SubagentRun): ReplyRoute | undefined {
  if (route) return route;
  const { channel, to, accountId } = requesterOrigin ?? {};
  return channel && channel !== "webchat" && to ? { channel, account: accountId ?? "default", target: to } : undefined;
}
