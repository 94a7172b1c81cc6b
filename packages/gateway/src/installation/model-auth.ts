import type { ModelAuth } from "@openclaw/agent";
import type { InspectOptions } from "./inspect-models.ts";

export type { LoginInteraction, ModelAuth, ProfileStatus, ProviderAuthStatus } from "@openclaw/agent";

/** The credentials of one agent, without a running gateway. Loads the agent package. */
export async function openModelAuth(options: InspectOptions): Promise<ModelAuth> {
  const { createModelAuth } = await import("@openclaw/agent");
  return createModelAuth(options);
}
