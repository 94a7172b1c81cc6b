import type { ModelInfo, ModelResolution } from "@openclaw/agent";
import type { OpenClawConfig } from "@openclaw/core/config";

export interface InspectOptions {
  agentId: string;
  config: OpenClawConfig;
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
}

export interface ModelReport {
  models: ModelInfo[];
  /** What a turn would use now, and each step of the decision. */
  resolution: ModelResolution;
}

/** Looks for models as a turn would, without a running gateway: keys, profiles, local servers. Loads the agent package. */
export async function inspectModels(options: InspectOptions): Promise<ModelReport> {
  const { createAgent } = await import("@openclaw/agent");
  const agent = createAgent(options);
  try {
    const [models, resolution] = await Promise.all([agent.models(), agent.resolveModel()]);
    return { models, resolution };
  } finally {
    await agent.close();
  }
}
