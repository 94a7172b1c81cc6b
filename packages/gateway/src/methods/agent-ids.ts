import type { OpenClawConfig } from "@openclaw/core/config";
import { normalizeAgentId } from "@openclaw/core/sessions";

/** The configured agents, or the one every installation has. */
export function agentEntries(config: OpenClawConfig): { id: string; name?: string }[] {
  const list = config.agents?.list ?? [];
  return list.length === 0 ? [{ id: "main" }] : list.map(({ id, name }) => ({ id: normalizeAgentId(id), name }));
}

/** First entry marked `default`, else the first, else `main`. */
export function defaultAgentId(config: OpenClawConfig): string {
  const list = config.agents?.list ?? [];
  return normalizeAgentId((list.find((entry) => entry.default) ?? list[0])?.id ?? "main");
}
