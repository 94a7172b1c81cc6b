import { existsSync } from "node:fs";
import { join } from "node:path";
import { silentLog, systemClock, type Clock, type Log } from "@openclaw/core";
import type { Transcript } from "@openclaw/core/sessions";
import { createModels } from "./models/models.ts";
import { createMemoryTranscript } from "./runtime/memory-transcript.ts";
import { prepareTurn } from "./runtime/prepare-turn.ts";
import { runTurn } from "./runtime/run-turn.ts";
import { readSettings } from "./settings.ts";
import { createBuiltinTools, type BuiltinTools } from "./tools/builtin-tools.ts";
import { createProcessRegistry } from "./tools/exec/process-registry.ts";
import type { SessionStatus } from "./tools/session-status.ts";
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
  const running = new Set<Promise<unknown>>();
  const statuses = new Map<string, SessionStatus>();
  const transcripts = new Map<string, Transcript>();
  let made = false;
  let prepared: Promise<{ dir: string; created: string[] }> | undefined;
  let builtin: Promise<BuiltinTools> | undefined;

  const builtinTools = () => {
    builtin ??= createBuiltinTools({
      settings,
      stateDir,
      agentId,
      env,
      clock,
      log,
      registry,
      status: (key) => statuses.get(key),
      onBackgroundExit: options.onBackgroundExit,
    });
    return builtin;
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

  return {
    run(request) {
      const input: TurnInput = typeof request === "string" ? { message: { text: request } } : request;
      const sessionKey = input.sessionKey ?? `agent:${agentId}:main`;
      const turn = runTurn({
        input,
        stops: input.signal ? [input.signal, closing.signal] : [closing.signal],
        agentId,
        sessionKey,
        transcript: input.transcript ?? memoryTranscript(sessionKey),
        workspace: settings.workspace,
        outputDir: join(stateDir, "agents", agentId, "tool-output"),
        timeoutMs: input.timeoutMs ?? settings.timeoutMs,
        clock,
        log,
        fetch: options.fetch ?? globalThis.fetch,
        prepare: () =>
          prepareTurn(input, {
            settings,
            agentId,
            sessionKey,
            models,
            tools: options.tools ?? [],
            builtinTools: async () => (await builtinTools()).tools,
            workspaceReady: ready,
            log,
          }),
        onStatus: (status) => statuses.set(sessionKey, status),
      });
      running.add(turn.result);
      void turn.result.finally(() => running.delete(turn.result));
      return turn;
    },
    models: () => models.list(),
    resolveModel: (reference) => models.resolve(reference, true),
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
    prepareWorkspace: ready,
    async close() {
      closing.abort();
      await Promise.all(running);
      if (!options.processes) registry.close();
      (await builtin)?.close();
    },
  };
}
