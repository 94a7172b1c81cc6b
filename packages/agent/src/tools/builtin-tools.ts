import { homedir } from "node:os";
import { join } from "node:path";
import type { Clock, Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { createApprovalsStore, statesSecurity } from "../approvals/approvals-file.ts";
import type { ExecApprover } from "../approvals/types.ts";
import { createSandboxes } from "../sandbox/sandboxes.ts";
import { readSandboxSettings } from "../sandbox/settings.ts";
import type { AgentSettings } from "../settings.ts";
import type { RunEnv } from "../skills/skill-library.ts";
import type { BackgroundExit, ExecAccess, ExecEvent, TurnInput } from "../types.ts";
import { createApplyPatchTool } from "./apply-patch/apply-patch.ts";
import { createEditTool } from "./edit.ts";
import { createExecTool } from "./exec/exec.ts";
import { readExecSettings } from "./exec/exec-settings.ts";
import { createCommandGuard } from "./exec/guard-command.ts";
import { createProcessTool } from "./exec/process.ts";
import type { ProcessRegistry } from "./exec/process-registry.ts";
import { createImageTool, type AskImage } from "./image.ts";
import { createReadTool } from "./read.ts";
import { applyPatchRule, sessionRules } from "./session-rules.ts";
import { createSessionStatusTool, type SessionStatus } from "./session-status.ts";
import { keepTail } from "./text-limit.ts";
import type { ToolPathPolicy } from "./tool-path.ts";
import { type ToolPlaces, createToolPlaces } from "./tool-places.ts";
import type { PolicyLayer, ToolDecision } from "./tool-policy.ts";
import { createWriteTool } from "./write.ts";

export interface BuiltinToolOptions {
  config: OpenClawConfig;
  settings: AgentSettings;
  stateDir: string;
  agentId: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  registry: ProcessRegistry;
  status: (sessionKey: string) => SessionStatus | undefined;
  onBackgroundExit: ((event: BackgroundExit) => void) | undefined;
  /** Asks people about commands; undefined: nobody can be asked. */
  approver: ExecApprover | undefined;
  onExecEvent: ((event: ExecEvent) => void) | undefined;
  /** Asks the image model, or the agent's own where none is configured. */
  askImage: AskImage;
  /** What the skills of a session add to the environment of its commands. */
  runEnv: (sessionKey: string) => RunEnv | undefined;
  fetch: typeof globalThis.fetch;
  /** Programs of installed skills, for `autoAllowSkills`. */
  skillBins: (() => readonly string[]) | undefined;
}

/** What a turn's tools stand on. */
export interface TurnGround {
  tools: readonly Tool[];
  /** Rules of group and sender, sandbox and sub-agent. */
  rules: PolicyLayer[];
  /** A further question about one tool and the model that asks for it. */
  permits(tool: string, provider: string, model: string): ToolDecision;
  /** Working directory as the model knows it. */
  workdir: string;
  /** Section of the prompt; undefined on the host. */
  sandboxPrompt?: string;
}

export interface BuiltinTools {
  tools: readonly Tool[];
  /** Brings a session to where its tools act: its sandbox is made and proved first. Throws what ends the turn. */
  enter(sessionKey: string, input: TurnInput): Promise<TurnGround>;
  workplace: ToolPlaces["workplace"];
  close(): void;
}

/**
 * The tools every agent has, before policy takes some away. Those with weight (SQLite, the HTTP client) are loaded here,
 * at the first turn.
 */
export async function createBuiltinTools(options: BuiltinToolOptions): Promise<BuiltinTools> {
  const { config, settings, stateDir, agentId, env, clock, log, registry } = options;
  const paths: ToolPathPolicy = {
    workspace: settings.workspace,
    // The main agent works on its owner's machine; a sandbox has its own guard.
    workspaceOnly: false,
    forbidden: ["credentials", "identity", "devices", `agents/${agentId}/agent`, "exec-approvals.json"].map((name) =>
      join(stateDir, name),
    ),
    env,
  };
  const [{ createMemoryTools }, { createEgress }, { chooseSearch, createWebFetchTool, createWebSearchTool }] =
    await Promise.all([import("./memory/index.ts"), import("./egress/index.ts"), import("./web/index.ts")]);
  const memory = createMemoryTools({ stateDir, clock, log, config, env, fetch: options.fetch });
  const egress = createEgress({ clock });
  const search = config.tools?.web?.search ?? {};
  const searchProvider = chooseSearch({ config: search, env, egress });
  const exec = readExecSettings(config, agentId);
  const sandbox = readSandboxSettings({ agentId, config, stateDir, env });
  const { workspace, mainSessionKeys } = settings;
  const sandboxes = createSandboxes({
    settings: sandbox,
    agentId,
    workspace,
    mainSessionKeys,
    stateDir,
    env,
    clock,
    log,
  });
  const places = createToolPlaces({ agentId, paths, sandboxes });
  const filesOf = (sessionKey: string) => places.of(sessionKey).files;
  const accesses = new Map<string, ExecAccess>();
  const store = createApprovalsStore({ path: join(stateDir, "exec-approvals.json") });
  const guard = createCommandGuard({
    agentId,
    store,
    ...(options.approver ? { approver: options.approver } : {}),
    ...(options.skillBins ? { skillBins: options.skillBins } : {}),
    safeBins: exec.safeBins,
    home: env["HOME"] || homedir(),
    runningNoticeMs: exec.approvalRunningNoticeMs,
    clock,
    log,
    report: (sessionKey, text) => options.onExecEvent?.({ sessionKey, text }),
  });
  const tools = [
    createReadTool(filesOf),
    createWriteTool(filesOf),
    createEditTool(filesOf),
    createApplyPatchTool(filesOf),
    createExecTool({
      places,
      env,
      settings: exec,
      registry,
      clock,
      guard,
      runEnv: options.runEnv,
      access: (sessionKey) => accesses.get(sessionKey) ?? {},
      fileStates: () => statesSecurity(store.read().file, agentId),
      onBackgroundExit: (job, exit) =>
        options.onBackgroundExit?.({
          sessionKey: job.sessionKey,
          processId: job.id,
          command: job.command,
          exitCode: exit.code,
          tail: keepTail(job.output(), 400).text,
        }),
    }),
    createProcessTool({ registry, places, clock }),
    ...memory.tools,
    ...(settings.webFetch.enabled === false ? [] : [createWebFetchTool({ egress, clock, config: settings.webFetch })]),
    ...(searchProvider ? [createWebSearchTool({ ...search, provider: searchProvider, clock })] : []),
    createImageTool({
      filesOf,
      egress,
      isSandboxed: (key) => places.of(key).sandbox !== undefined,
      ask: options.askImage,
    }),
    createSessionStatusTool({
      clock,
      timezone: settings.userTimezone,
      hour12: settings.timeFormat === "12",
      status: options.status,
    }),
  ] as unknown as Tool[];

  return {
    tools,
    async enter(sessionKey, input) {
      const access = input.exec ?? {};
      accesses.set(sessionKey, access);
      const place = await places.enter(sessionKey);
      const further = input.toolPolicy ?? [];
      const ground: TurnGround = {
        tools,
        rules: sessionRules({ config, agentId, place, exec, further }),
        permits: (tool, provider, model) =>
          tool === "apply_patch" ? applyPatchRule(exec, provider, model) : { allowed: true, reason: "" },
        workdir: place.workdir,
      };
      if (!place.sandbox) return ground;
      const { sandboxSection } = await import("../prompt/sandbox-section.ts");
      const { level, refused } = access.elevated ?? {};
      const elevated =
        refused !== undefined || !level || level === "off" ? undefined : level === "full" ? level : "ask";
      const { network } = sandbox.container;
      return {
        ...ground,
        sandboxPrompt: sandboxSection({ sandbox: place.sandbox, network, ...(elevated ? { elevated } : {}) }),
      };
    },
    workplace: places.workplace,
    close() {
      guard.close();
      memory.close();
    },
  };
}
