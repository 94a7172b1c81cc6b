import { isAbsolute, join, resolve } from "node:path";

export interface AgentDirOptions {
  stateDir: string;
  agentId: string;
  env: Readonly<Record<string, string | undefined>>;
  /** `agents.list[].agentDir` of this agent, `~` already replaced. */
  configured?: string;
}

/** Folder of an agent's credentials and `models.json`. `OPENCLAW_AGENT_DIR` moves the main agent's. */
export function agentDirOf({ stateDir, agentId, env, configured }: AgentDirOptions): string {
  if (configured) return isAbsolute(configured) ? configured : resolve(stateDir, configured);
  const moved =
    agentId === "main" ? env["OPENCLAW_AGENT_DIR"]?.trim() || env["PI_CODING_AGENT_DIR"]?.trim() : undefined;
  if (moved) return resolve(moved.startsWith("~/") ? join(env["HOME"] ?? "", moved.slice(2)) : moved);
  return join(stateDir, "agents", agentId, "agent");
}
