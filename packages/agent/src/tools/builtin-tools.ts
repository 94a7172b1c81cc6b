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
  registry: ProcessRegistry;
  status: (sessionKey: string) => SessionStatus | undefined;
  onBackgroundExit: ((event: BackgroundExit) => void) | undefined;
}

export interface BuiltinTools {
  tools: readonly Tool[];
  close(): void;
}

/**
 * The tools every agent has, before policy takes some away. Those with weight (SQLite, the HTTP client) are loaded here,
 * at the first turn.
 */
export async function createBuiltinTools(options: BuiltinToolOptions): Promise<BuiltinTools> {
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
  const [{ createMemoryTools }, { createEgress }, { createWebFetchTool }] = await Promise.all([
    import("./memory/index.ts"),
    import("./egress/index.ts"),
    import("./web/index.ts"),
  ]);
  const memory = createMemoryTools({ stateDir, clock, log: options.log });
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
    ...memory.tools,
    ...(settings.webFetch.enabled === false
      ? []
      : [createWebFetchTool({ egress: createEgress({ clock }), clock, config: settings.webFetch })]),
    createSessionStatusTool({
      clock,
      timezone: settings.userTimezone,
      hour12: settings.timeFormat === "12",
      status: options.status,
    }),
  ];
  return { tools: tools as unknown as Tool[], close: () => memory.close() };
}
