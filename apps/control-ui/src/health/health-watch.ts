import type { GatewayLink } from "../gateway/link.ts";
import { isRecord, textFrom } from "../wire/narrow.ts";
import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { readChannelStatus } from "./channel-status.ts";
import type { ChannelAccountStatus } from "./channel-status.ts";
import { readPresence } from "./presence.ts";
import type { PresenceRow } from "./presence.ts";

interface AgentRow {
  id: string;
  name: string;
  isDefault: boolean;
}

export interface HealthState {
  /** False until the first answer, and when the gateway says so itself. */
  ok: boolean;
  checkedAt?: number;
  channels: ChannelAccountStatus[];
  agents: AgentRow[];
  presence: PresenceRow[];
  /** Why the last check failed. */
  error?: string;
}

export interface HealthWatch {
  readonly state: Store<HealthState>;
  /** Asks the gateway; `probe` lets it ask the platforms too. */
  check(probe: boolean): Promise<void>;
  receive(event: string, payload: Record<string, unknown>): void;
}

/** What is known about the gateway's health, from answers and from events. */
export function createHealthWatch(link: GatewayLink, now: () => number = Date.now): HealthWatch {
  const state = createStore<HealthState>({ ok: false, channels: [], agents: [], presence: [] });

  return {
    state,
    async check(probe) {
      try {
        const [health, channels, agents, presence] = await Promise.all([
          link.request("health", { probe }),
          link.request("channels.status", { probe, timeoutMs: 8_000 }),
          link.request("agents.list", {}),
          link.request("system-presence", {}),
        ]);
        state.set({
          ok: isRecord(health) && health.ok === true,
          checkedAt: now(),
          channels: readChannelStatus(channels),
          agents: readAgents(agents),
          presence: readPresence(presence),
        });
      } catch (error) {
        state.update((current) => ({ ...current, error: error instanceof Error ? error.message : String(error) }));
      }
    },
    receive(event, payload) {
      if (event === "health") state.update((current) => ({ ...current, ok: payload.ok === true, checkedAt: now() }));
      if (event === "presence") state.update((current) => ({ ...current, presence: readPresence(payload.presence) }));
    },
  };
}

function readAgents(answer: unknown): AgentRow[] {
  if (!isRecord(answer) || !Array.isArray(answer.agents)) return [];
  return answer.agents.filter(isRecord).map((agent) => {
    const identity = isRecord(agent.identity) ? agent.identity : {};
    const id = textFrom(agent.id) ?? "";
    return { id, name: textFrom(identity.name) ?? textFrom(agent.name) ?? id, isDefault: id === answer.defaultId };
  });
}
