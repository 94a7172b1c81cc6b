import type { Clock, Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import type { ChannelManager } from "./channels/manager.ts";
import type { ConfigEditor } from "./configuration/config-editor.ts";
import type { Degraded } from "./configuration/configuration.ts";
import type { ConfigOverrides } from "./commands/config/config-overrides.ts";
import type { Deliverer } from "./delivery/deliverer.ts";
import type { ExecApprovals } from "./exec-approvals/types.ts";
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
  paths: Paths;
  logFile(): string;
  /** The configuration in force, defaults applied. */
  config(): OpenClawConfig;
  /** Reads and changes the configuration file. */
  configEditor: ConfigEditor;
  /** Values that `config()` shows over those of the file, until the gateway ends. */
  configOverrides: ConfigOverrides;
  /** Ends this gateway and has another one started, running turns finished first. Absent where nothing would start it. */
  restart?(reason: string, delayMs?: number): void;
  /** Why the gateway does not run with what the file says. */
  degraded(): Degraded | undefined;
  clock: Clock;
  log: Log;
  store: Store;
  sessions: GatewaySessions;
  agents: AgentPool;
  engine: TurnEngine;
  deliverer: Deliverer;
  channels: ChannelManager;
  broadcast: RunBroadcast;
  /** Questions about commands that people decide. */
  execApprovals: ExecApprovals;
  server(): GatewayServer;
}
