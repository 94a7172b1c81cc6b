import type { Clock, Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { ChannelManager } from "./channels/manager.ts";
import type { Deliverer } from "./delivery/deliverer.ts";
import type { GatewayServer } from "./server/types.ts";
import type { GatewaySessions } from "./sessions/gateway-sessions.ts";
import type { Store } from "./store/store.ts";
import type { AgentPool } from "./turns/agent-pool.ts";
import type { TurnEngine } from "./turns/engine.ts";
import type { RunBroadcast } from "./turns/run-broadcast.ts";

/** The rooms of one running gateway, as its methods and commands see them. */
export interface GatewayContext {
  version: string;
  startedAt: number;
  stateDir: string;
  configPath: string;
  logFile(): string;
  /** The configuration in force, defaults applied. */
  config(): OpenClawConfig;
  clock: Clock;
  log: Log;
  store: Store;
  sessions: GatewaySessions;
  agents: AgentPool;
  engine: TurnEngine;
  deliverer: Deliverer;
  channels: ChannelManager;
  broadcast: RunBroadcast;
  server(): GatewayServer;
}
