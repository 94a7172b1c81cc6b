import type { Agent, AgentOptions } from "@openclaw/agent";

export interface AgentPool {
  /** The agent of an id, made on first use. The agent package is loaded with the first one. */
  get(agentId: string): Promise<Agent>;
  close(): Promise<void>;
}

export function createAgentPool(options: (agentId: string) => AgentOptions): AgentPool {
  const agents = new Map<string, Promise<Agent>>();

  async function make(agentId: string): Promise<Agent> {
    const { createAgent } = await import("@openclaw/agent");
    return createAgent(options(agentId));
  }

  return {
    get(agentId) {
      let agent = agents.get(agentId);
      if (!agent) {
        agent = make(agentId);
        agents.set(agentId, agent);
        agent.catch(() => agents.delete(agentId));
      }
      return agent;
    },
    async close() {
      const made = await Promise.allSettled(agents.values());
      await Promise.all(made.map((entry) => (entry.status === "fulfilled" ? entry.value.close() : undefined)));
    },
  };
}
