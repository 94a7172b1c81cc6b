import type { Account, ChannelDefinition, Connection } from "@openclaw/plugin-sdk/channel";

/** One account, running or trying to. */
export interface RunningAccount {
  channel: string;
  account: Account<unknown>;
  definition: ChannelDefinition<unknown, unknown>;
  connection?: Connection;
  /** Starts of this account since the gateway came up. */
  starts: number;
  lastStartAt?: number;
  lastStopAt?: number;
  lastInboundAt?: number;
  lastOutboundAt?: number;
  lastError?: string;
  abort: AbortController;
}
