import { OpenClawError } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { normalizeAgentId } from "@openclaw/core/sessions";
import { agentEntries } from "../sessions/agent-entries.ts";

const settingsOf = (config: OpenClawConfig, agentId: string) =>
  config.agents?.list?.find(({ id }) => normalizeAgentId(id) === agentId)?.subagents;

/** The agents that an agent may start sub-agents of, itself first. */
export function spawnTargets(
  config: OpenClawConfig,
  requester: string,
): { any: boolean; agents: { id: string; name?: string }[] } {
  const allowed = (settingsOf(config, requester)?.allowAgents ?? []).map((id) => id.trim());
  const any = allowed.includes("*");
  const ids = allowed.map(normalizeAgentId);
  const entries = agentEntries(config);
  const self = entries.find(({ id }) => id === requester) ?? { id: requester };
  return { any, agents: [self, ...entries.filter(({ id }) => id !== requester && (any || ids.includes(id)))] };
}

/** The agent a sub-agent is to be of. Throws with the key to change. */
export function spawnTarget(config: OpenClawConfig, requester: string, wanted: string | undefined): string {
  const target = wanted?.trim() ? normalizeAgentId(wanted) : requester;
  const { agents } = spawnTargets(config, requester);
  if (agents.some(({ id }) => id === target)) return target;
  const exists = agentEntries(config).some(({ id }) => id === target);
  throw new OpenClawError({
    code: exists ? "SUBAGENT_AGENT_NOT_ALLOWED" : "AGENT_UNKNOWN",
    message: exists ? `Agent ${requester} may not start sub-agents of ${target}.` : `There is no agent ${target}.`,
    hint: `Allowed: ${agents.map(({ id }) => id).join(", ")}. More are allowed by agents.list[].subagents.allowAgents of ${requester}.`,
  });
}

type ModelSelection = string | { primary?: string } | undefined;
const primary = (model: ModelSelection) => (typeof model === "string" ? model : model?.primary);

/** Model and thinking level that the configuration has for sub-agents of an agent: its own over the general ones. */
export function configuredFor(config: OpenClawConfig, agentId: string): { model?: string; thinking?: string } {
  const own = settingsOf(config, agentId);
  const defaults = config.agents?.defaults?.subagents;
  return {
    model: primary(own?.model) ?? primary(defaults?.model) ?? primary(config.tools?.subagents?.model),
    thinking: own?.thinking ?? defaults?.thinking,
  };
}
