import type { Health } from "@openclaw/plugin-sdk/channel";
import type { RunningAccount } from "./running-account.ts";

/** One account as `channels.status` shows it. Times are epoch ms. */
export interface AccountStatus {
  channel: string;
  accountId: string;
  name?: string;
  enabled: boolean;
  configured: boolean;
  running: boolean;
  /** Both directions proved themselves. */
  connected: boolean;
  identity?: string;
  inbound?: Health["inbound"];
  outbound?: Health["outbound"];
  reconnectAttempts: number;
  lastStartAt?: number;
  lastStopAt?: number;
  lastInboundAt?: number;
  lastOutboundAt?: number;
  /** A sentence that names the fix. */
  lastError?: string;
  tokenSource?: string;
  dmPolicy?: string;
}

export function accountStatus(entry: RunningAccount): AccountStatus {
  const health = entry.connection?.health();
  const config = entry.account.config as { dmPolicy?: string };
  return {
    channel: entry.channel,
    accountId: entry.account.id,
    name: entry.account.name,
    enabled: entry.account.enabled,
    configured: entry.account.configured,
    running: entry.connection !== undefined,
    connected: health?.inbound.state === "up" && health.outbound.state !== "down",
    identity: health?.identity,
    inbound: health?.inbound,
    outbound: health?.outbound,
    reconnectAttempts: (health?.reconnects ?? 0) + Math.max(0, entry.starts - 1),
    lastStartAt: entry.lastStartAt,
    lastStopAt: entry.lastStopAt,
    lastInboundAt: entry.lastInboundAt,
    lastOutboundAt: entry.lastOutboundAt,
    lastError: health?.problem ?? entry.lastError ?? health?.inbound.lastError ?? health?.outbound.lastError,
    tokenSource: entry.account.tokenSource,
    dmPolicy: config.dmPolicy,
  };
}
