import type { OpenClawConfig } from "@openclaw/core/config";
import { normalizeAgentId } from "@openclaw/core/sessions";

/** The configured agents, or the one every installation has. */
export function agentEntries(config: OpenClawConfig): { id: string; name?: string }[] {
  const list = config.agents?.list ?? [];
  return list.length === 0 ? [{ id: "main" }] : list.map(({ id, name }) => ({ id: normalizeAgentId(id), name }));
}
