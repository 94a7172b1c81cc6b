import { defaultAgentId } from "@openclaw/core/routing";
import type { GatewayContext } from "../gateway-context.ts";
import type { SessionDefaults } from "./session-row.ts";

/**
 * The model of a session that has not answered yet. Where the configuration names none, the one that a turn would find
 * now: a local server's, or the offline rules.
 */
export async function modelDefaults({
  sessions,
  agents,
  config,
  log,
}: Pick<GatewayContext, "sessions" | "agents" | "config" | "log">): Promise<SessionDefaults> {
  const configured = sessions.defaults();
  if (configured.model !== null) return configured;
  try {
    const { provider, model } = await (await agents.get(defaultAgentId(config()))).resolveModel();
    return { ...configured, modelProvider: provider, model };
  } catch (error) {
    log.debug(`no model could be found: ${String(error)}`);
    return configured;
  }
}
