import { existsSync } from "node:fs";
import { join } from "node:path";
import { silentLog, systemClock, type Clock, type Log } from "@openclaw/core";
import type { Transcript } from "@openclaw/core/sessions";
import { createMemoryLedger } from "./budget/usage-ledger.ts";
import { readContextSettings } from "./context/settings.ts";
import { createModels } from "./models/models.ts";
import { createAskImage } from "./runtime/ask-image.ts";
import { compactSession } from "./runtime/compact-session.ts";
import { createMemoryTranscript } from "./runtime/memory-transcript.ts";
import { prepareTurn } from "./runtime/prepare-turn.ts";
import { runTurn } from "./runtime/run-turn.ts";
import { readSettings } from "./settings.ts";
import type { BuiltinTools } from "./tools/builtin-tools.ts";
import { createProcessRegistry } from "./tools/exec/process-registry.ts";
import type { SkillLibrary } from "./skills/skill-library.ts";
import type { SessionStatus } from "./tools/session-status.ts";
import type { TurnBounds } from "./runtime/turn-types.ts";
import type { Agent, AgentOptions, TurnInput } from "./types.ts";
import { readIdentity } from "./workspace/identity.ts";
import { prepareWorkspace } from "./workspace/prepare-workspace.ts";

/** Makes an agent. Nothing is read, written or loaded until its first turn. */
export function createAgent(options: AgentOptions): Agent {
  const { stateDir } = options;
  const agentId = options.agentId ?? "main";
  const env = options.env ?? {};
  const log: Log = options.log ?? silentLog;
  const clock: Clock = options.clock ?? systemClock;
  const settings = readSettings({ agentId, config: options.config ?? {}, stateDir, env });
  const { defaults = {}, list = [] } = options.config?.agents ?? {};
  const entry = list.find(({ id }) => id?.toLowerCase() === agentId);
  const bounds: TurnBounds = {
    context: readContextSettings({ ...defaults, sandbox: { ...defaults.sandbox, ...entry?.sandbox } }),
    budgets: options.config?.budgets ?? {},
    usage: options.usage ?? createMemoryLedger(),
    timezone: settings.userTimezone,
  };
  const models = createModels({
    settings,
    stateDir,
    agentId,
    env,
    clock,
    log,
    ...(options.fetch ? { fetch: options.fetch } : {}),
    ...(options.localPorts ? { localPorts: options.localPorts } : {}),
  });
  const registry = options.processes ?? createProcessRegistry({ clock, cleanupMs: settings.exec.cleanupMs });
  const closing = new AbortController();
  /** What works on a session now, turn or compaction, by session key. */
  const running = new Map<string, Promise<unknown>>();
  const statuses = new Map<string, SessionStatus>();
  /** The turn that each session was given last. */
  const turns = new Map<string, { input: TurnInput; sessionId: string }>();
  const transcripts = new Map<string, Transcript>();
  let made = false;
  let prepared: Promise<{ dir: string; created: string[] }> | undefined;
  let builtin: Promise<BuiltinTools> | undefined;
  let skills: SkillLibrary | undefined;

  const builtinTools = () => {
    // With sandbox, patches and terminals they are half of the package: loaded by the first turn.
    builtin ??= import("./tools/builtin-tools.ts").then(({ createBuiltinTools }) =>
      createBuiltinTools({
        config: options.config ?? {},
        settings,
        stateDir,
        agentId,
        env,
        clock,
        log,
        registry,
        status: (key) => statuses.get(key),
        onBackgroundExit: options.onBackgroundExit,
        approver: options.approver,
        onExecEvent: options.onExecEvent,
        runEnv: (key) => skills?.runEnv(key),
        fetch: options.fetch ?? globalThis.fetch,
        skillBins: options.skillBins ?? (() => skills?.programs() ?? []),
        askImage: createAskImage({
          settings,
          agentId,
          models,
          bounds,
          clock,
          log,
          fetch: options.fetch ?? globalThis.fetch,
          turnOf: (key) => turns.get(key) ?? { input: {}, sessionId: key },
        }),
      }),
    );
    return builtin;
  };

  const openSkills = async () => {
    const { openAgentSkills } = await import("./skills/agent-skills.ts");
    const config = options.config ?? {};
    skills ??= openAgentSkills({ agentId, config, stateDir, env, clock, log: log.child("skills") });
    return skills;
  };

  const ready = () => {
    // A workspace that was moved away while we run is made again, as at the start.
    if (made && !existsSync(settings.workspace)) prepared = undefined;
    prepared ??= prepareWorkspace({
      workspace: settings.workspace,
      skipBootstrap: settings.skipBootstrap,
      log,
      env,
    }).then((workspace) => {
      made = true;
      models.write();
      return workspace;
    });
    // A workspace that could not be made is tried again by the next turn.
    prepared.catch(() => (prepared = undefined));
    return prepared;
  };

  const memoryTranscript = (sessionKey: string): Transcript => {
    const known = transcripts.get(sessionKey) ?? createMemoryTranscript();
    transcripts.set(sessionKey, known);
    return known;
  };

  const prepare = (input: TurnInput, sessionKey: string) =>
    prepareTurn(input, {
      settings,
      agentId,
      sessionKey,
      models,
      context: bounds.context,
      tools: options.tools ?? [],
      ground: async () => (await builtinTools()).enter(sessionKey, input),
      workspaceReady: ready,
      skills: async (only) => (await openSkills()).snapshot(sessionKey, only),
      log,
    });

  const keepRunning = (sessionKey: string, work: Promise<unknown>) => {
    const settled = work.then(
      () => {},
      () => {},
    );
    const all = Promise.all([running.get(sessionKey), settled]);
    running.set(sessionKey, all);
    void all.then(() => {
      if (running.get(sessionKey) === all) running.delete(sessionKey);
    });
  };

  return {
    run(request) {
      const input: TurnInput = typeof request === "string" ? { message: { text: request } } : request;
      const sessionKey = input.sessionKey ?? `agent:${agentId}:main`;
      const before = running.get(sessionKey);
      const transcript = input.transcript ?? memoryTranscript(sessionKey);
      const { runId, cause, channel } = input;
      turns.set(sessionKey, { input: { runId, cause, channel, model: input.model }, sessionId: transcript.sessionId });
      const turn = runTurn({
        input,
        stops: input.signal ? [input.signal, closing.signal] : [closing.signal],
        agentId,
        sessionKey,
        transcript,
        workspace: settings.workspace,
        outputDir: join(stateDir, "agents", agentId, "tool-output"),
        timeoutMs: input.timeoutMs ?? settings.timeoutMs,
        clock,
        log,
        fetch: options.fetch ?? globalThis.fetch,
        bounds,
        prepare: async () => {
          await before;
          return prepare(input, sessionKey);
        },
        onStatus: (status) => statuses.set(sessionKey, status),
      });
      keepRunning(sessionKey, turn.result);
      return turn;
    },
    compact(input) {
      const sessionKey = input.sessionKey ?? `agent:${agentId}:main`;
      const before = running.get(sessionKey);
      const work = compactSession(input, {
        agentId,
        sessionKey,
        transcript: input.transcript ?? memoryTranscript(sessionKey),
        bounds,
        signal: input.signal ? AbortSignal.any([input.signal, closing.signal]) : closing.signal,
        clock,
        log,
        fetch: options.fetch ?? globalThis.fetch,
        prepare: async (turn) => {
          await before;
          return prepare(turn, sessionKey);
        },
      });
      keepRunning(sessionKey, work);
      return work;
    },
    models: () => models.list(),
    resolveModel: (reference) => models.resolve(reference, true),
    skillCommands: async (reserved) => (await openSkills()).commands(reserved),
    identity: () => {
      const own = { ...readIdentity(settings.workspace), ...settings.identity };
      const { name = "Assistant", emoji, avatar, theme } = own;
      return Promise.resolve({
        name,
        ...(emoji ? { emoji } : {}),
        ...(avatar ? { avatar } : {}),
        ...(theme ? { theme } : {}),
      });
    },
    workplace: async (sessionKey) => (await builtinTools()).workplace(sessionKey),
    prepareWorkspace: ready,
    async close() {
      closing.abort();
      await Promise.all(running.values());
      if (!options.processes) registry.close();
      (await builtin)?.close();
      skills?.close();
      await models.credentials.settled();
    },
  };
}
