import type { ModelResolution } from "@openclaw/agent";
import type { GatewayContext } from "../../gateway-context.ts";

/** The session's own choice as a reference; undefined when it has none. */
export function chosenModel({ sessions }: Pick<GatewayContext, "sessions">, sessionKey: string): string | undefined {
  const entry = sessions.entry(sessionKey);
  return entry?.modelOverride ? `${entry.providerOverride ?? "anthropic"}/${entry.modelOverride}` : undefined;
}

/** The model that the session's next turn uses. A choice that is no longer allowed counts as none. */
export async function currentModel(context: GatewayContext, sessionKey: string): Promise<ModelResolution> {
  const agent = await context.agents.get(context.sessions.agentOf(sessionKey));
  const chosen = chosenModel(context, sessionKey);
  return agent.resolveModel(chosen).catch((error: unknown) => {
    if (chosen === undefined) throw error;
    return agent.resolveModel();
  });
}
