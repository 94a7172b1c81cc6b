import type { Agent, AgentOptions } from "@openclaw/agent";

export interface BorrowedAgent {
  agent: Agent;
  /** Call once when done with it. */
  release(): void;
}

export interface AgentPool {
  /** The agent of an id, made on first use. The agent package is loaded with the first one. */
  get(agentId: string): Promise<Agent>;
  /** The same for a whole turn: an agent that was replaced meanwhile is closed only after its last turn. */
  borrow(agentId: string): Promise<BorrowedAgent>;
  /** The configuration changed: agents are made anew at their next use. Their background commands go on. */
  reset(): void;
  close(): Promise<void>;
}

interface Entry {
  made: Promise<Agent>;
  users: number;
  retired: boolean;
}

type Processes = NonNullable<AgentOptions["processes"]>;

/** Background commands are kept this long after they ended, ms, unless `tools.exec.cleanupMs` says otherwise. */
const DEFAULT_CLEANUP_MS = 30 * 60_000;

export function createAgentPool(options: (agentId: string) => AgentOptions): AgentPool {
  const entries = new Map<string, Entry>();
  const processes = new Map<string, Processes>();

  async function make(agentId: string): Promise<Agent> {
    const { createAgent, createProcessRegistry } = await import("@openclaw/agent");
    const own = options(agentId);
    let registry = processes.get(agentId);
    if (!registry && own.clock) {
      registry = createProcessRegistry({
        clock: own.clock,
        cleanupMs: own.config?.tools?.exec?.cleanupMs ?? DEFAULT_CLEANUP_MS,
      });
      processes.set(agentId, registry);
    }
    return createAgent({ ...own, processes: registry });
  }

  function entryOf(agentId: string): Entry {
    let entry = entries.get(agentId);
    if (!entry) {
      entry = { made: make(agentId), users: 0, retired: false };
      entries.set(agentId, entry);
      entry.made.catch(() => entries.delete(agentId));
    }
    return entry;
  }

  const closeWhenFree = (entry: Entry) => {
    if (entry.retired && entry.users === 0) void entry.made.then((agent) => agent.close()).catch(() => {});
  };

  return {
    get: (agentId) => entryOf(agentId).made,
    async borrow(agentId) {
      const entry = entryOf(agentId);
      entry.users++;
      const release = () => {
        entry.users--;
        closeWhenFree(entry);
      };
      try {
        return { agent: await entry.made, release };
      } catch (error) {
        release();
        throw error;
      }
    },
    reset() {
      for (const entry of entries.values()) {
        entry.retired = true;
        closeWhenFree(entry);
      }
      entries.clear();
    },
    async close() {
      const made = await Promise.allSettled([...entries.values()].map((entry) => entry.made));
      const close = made.map((entry) => (entry.status === "fulfilled" ? entry.value.close() : Promise.resolve()));
      await Promise.all(close);
      for (const registry of processes.values()) registry.close();
    },
  };
}
