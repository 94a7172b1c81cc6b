import { join } from "node:path";
import type { Clock, Log } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { AgentSettings } from "../settings.ts";
import type { BackgroundExit } from "../types.ts";
import { createEditTool } from "./edit.ts";
import { createExecTool } from "./exec/exec.ts";
import { createProcessTool } from "./exec/process.ts";
import type { ProcessRegistry } from "./exec/process-registry.ts";
import { createReadTool } from "./read.ts";
import { createSessionStatusTool, type SessionStatus } from "./session-status.ts";
import { keepTail } from "./text-limit.ts";
import type { ToolPathPolicy } from "./tool-path.ts";
import { createWriteTool } from "./write.ts";

export interface BuiltinToolOptions {
  settings: AgentSettings;
  stateDir: string;
  agentId: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  fetch: typeof globalThis.fetch | undefined;
  registry: ProcessRegistry;
  status(sessionKey: string): SessionStatus | undefined;
  onBackgroundExit: ((event: BackgroundExit) => void) | undefined;
}

/** The tools every agent has, before policy takes some away. */
export function createBuiltinTools(options: BuiltinToolOptions): Tool[] {
  const { settings, stateDir, env, clock, registry } = options;
  const paths: ToolPathPolicy = {
    workspace: settings.workspace,
    // The main agent works on its owner's machine; a sandbox sets this.
    workspaceOnly: false,
    forbidden: ["credentials", "identity", "devices", `agents/${options.agentId}/agent`].map((name) =>
      join(stateDir, name),
    ),
    env,
  };
  const tools = [
    createReadTool(paths),
    createWriteTool(paths),
    createEditTool(paths),
    createExecTool({
      paths,
      env,
      settings: settings.exec,
      registry,
      clock,
      onBackgroundExit: (job, exit) =>
        options.onBackgroundExit?.({
          sessionKey: job.sessionKey,
          processId: job.id,
          command: job.command,
          exitCode: exit.code,
          tail: keepTail(job.output(), 400).text,
        }),
    }),
    createProcessTool({ registry, clock }),
    createSessionStatusTool({
      clock,
      timezone: settings.userTimezone,
      hour12: settings.timeFormat === "12",
      status: options.status,
    }),
  ];
  return tools as unknown as Tool[];
}
