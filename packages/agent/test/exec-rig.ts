import { homedir } from "node:os";
import { join } from "node:path";
import { silentLog, systemClock, type Clock } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { createApprovalsStore, statesSecurity, type ApprovalsStore } from "../src/approvals/approvals-file.ts";
import type { ExecApprover } from "../src/approvals/types.ts";
import { createSandboxes } from "../src/sandbox/sandboxes.ts";
import { readSandboxSettings } from "../src/sandbox/settings.ts";
import { createExecTool, type ExecToolOptions } from "../src/tools/exec/exec.ts";
import { readExecSettings } from "../src/tools/exec/exec-settings.ts";
import { createCommandGuard, type CommandGuard } from "../src/tools/exec/guard-command.ts";
import { createProcessRegistry, type Job, type ProcessRegistry } from "../src/tools/exec/process-registry.ts";
import { createProcessTool } from "../src/tools/exec/process.ts";
import { createToolPlaces, type ToolPlaces } from "../src/tools/tool-places.ts";
import type { ExecAccess } from "../src/types.ts";

export interface ExecRigOptions {
  stateDir: string;
  workspace: string;
  config?: object;
  env?: Record<string, string | undefined>;
  workspaceOnly?: boolean;
  access?: ExecAccess;
  approver?: ExecApprover;
  clock?: Clock;
  /** Default: one of its own. */
  registry?: ProcessRegistry;
}

export interface ExecRig {
  places: ToolPlaces;
  registry: ProcessRegistry;
  exec: ReturnType<typeof createExecTool>;
  process: ReturnType<typeof createProcessTool>;
  store: ApprovalsStore;
  guard: CommandGuard;
  /** Background commands that ended. */
  ended: { job: Job; code: number | null }[];
  /** What sessions were told about commands that waited. */
  events: string[];
}

/** exec and process as an agent has them, without the agent. */
export function createExecRig(options: ExecRigOptions): ExecRig {
  const { stateDir, workspace, env = { PATH: process.env["PATH"] }, clock = systemClock } = options;
  const config = (options.config ?? {}) as OpenClawConfig;
  const registry = options.registry ?? createProcessRegistry({ clock, cleanupMs: 60_000 });
  const agentId = "main";
  const sandboxes = createSandboxes({
    settings: readSandboxSettings({ agentId, config, stateDir, env }),
    agentId,
    workspace,
    mainSessionKeys: [],
    stateDir,
    env,
    clock,
    log: silentLog,
  });
  const paths = { workspace, workspaceOnly: options.workspaceOnly ?? false, env };
  const places = createToolPlaces({ agentId, paths, sandboxes });
  const store = createApprovalsStore({ path: join(stateDir, "exec-approvals.json") });
  const ended: ExecRig["ended"] = [];
  const events: string[] = [];
  const settings = readExecSettings(config, agentId);
  const guard = createCommandGuard({
    agentId,
    store,
    ...(options.approver ? { approver: options.approver } : {}),
    safeBins: settings.safeBins,
    home: env["HOME"] ?? homedir(),
    runningNoticeMs: settings.approvalRunningNoticeMs,
    clock,
    log: silentLog,
    report: (_sessionKey, text) => events.push(text),
  });
  const toolOptions: ExecToolOptions = {
    places,
    env,
    settings,
    registry,
    clock,
    guard,
    access: () => options.access ?? {},
    fileStates: () => statesSecurity(store.read().file, agentId),
    onBackgroundExit: (job, exit) => ended.push({ job, code: exit.code }),
  };
  return {
    places,
    registry,
    exec: createExecTool(toolOptions),
    process: createProcessTool({ registry, places, clock }),
    store,
    guard,
    ended,
    events,
  };
}
