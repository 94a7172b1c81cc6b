import type { InspectOptions } from "./inspect-models.ts";

/** Creates an agent's workspace and the files it lacks; overwrites none. Loads the agent package. */
export async function prepareWorkspace(options: InspectOptions): Promise<{ dir: string; created: string[] }> {
  const { createAgent } = await import("@openclaw/agent");
  const agent = createAgent(options);
  try {
    return await agent.prepareWorkspace();
  } finally {
    await agent.close();
  }
}
