import type { OpenClawConfig } from "@openclaw/core/config";
import type { SessionEntry } from "@openclaw/core/sessions";

export interface ReachQuestion {
  /** Canonical key of the session that asks. */
  from: { key: string; agentId: string };
  to: { key: string; agentId: string; entry: Pick<SessionEntry, "spawnedBy"> | undefined };
  config: OpenClawConfig;
}

export interface ReachDecision {
  allowed: boolean;
  /** For the model and for logs; names the key that decided. */
  reason: string;
}

/** Whether a session may see another one and write to it. Pure; empty lists allow nobody. */
export function mayReach({ from, to, config }: ReachQuestion): ReachDecision {
  const visibility = config.tools?.sessions?.visibility ?? "all";
  if (from.key === to.key) return { allowed: true, reason: "its own session" };
  if (visibility === "self") return { allowed: false, reason: "tools.sessions.visibility is self" };
  if (to.entry?.spawnedBy === from.key) return { allowed: true, reason: "spawned by it" };
  if (visibility === "tree")
    return { allowed: false, reason: "tools.sessions.visibility is tree, and it did not spawn that session" };
  if (from.agentId === to.agentId) return { allowed: true, reason: "the same agent" };
  if (visibility === "agent") return { allowed: false, reason: "tools.sessions.visibility is agent" };
  return betweenAgents(from.agentId, to.agentId, config);
}

function betweenAgents(from: string, to: string, { tools }: OpenClawConfig): ReachDecision {
  const { enabled = false, allow = [] } = tools?.agentToAgent ?? {};
  if (!enabled) return { allowed: false, reason: "tools.agentToAgent.enabled is off" };
  const missing = [from, to].find((agentId) => !allow.some((pattern) => matches(pattern, agentId)));
  if (missing !== undefined) return { allowed: false, reason: `tools.agentToAgent.allow does not name ${missing}` };
  return { allowed: true, reason: "tools.agentToAgent.allow names both" };
}

function matches(pattern: string, agentId: string): boolean {
  const parts = pattern.trim().toLowerCase().split("*");
  const expression = parts.map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)).join(".*");
  return expression !== "" && new RegExp(`^${expression}$`).test(agentId);
}
