import type { Static } from "typebox";
import { anything, flag, int, list, mapOf, open, optional, strict, string, text, time } from "./building-blocks.ts";

export const ChannelsStatusParams = strict({ probe: optional(flag()), timeoutMs: optional(int(0)) });
export type ChannelsStatusParams = Static<typeof ChannelsStatusParams>;

export const ChannelsLogoutParams = strict({ channel: text(), accountId: optional(string()) });
export type ChannelsLogoutParams = Static<typeof ChannelsLogoutParams>;

export const WebLoginStartParams = strict({
  force: optional(flag()),
  timeoutMs: optional(int(0)),
  verbose: optional(flag()),
  accountId: optional(string()),
});
export type WebLoginStartParams = Static<typeof WebLoginStartParams>;

export const WebLoginWaitParams = strict({ timeoutMs: optional(int(0)), accountId: optional(string()) });
export type WebLoginWaitParams = Static<typeof WebLoginWaitParams>;

/** Sends one message to a platform, outside any agent turn. */
export const SendParams = strict({
  to: text(),
  message: text(),
  mediaUrl: optional(string()),
  mediaUrls: optional(list(string())),
  gifPlayback: optional(flag()),
  channel: optional(string()),
  accountId: optional(string()),
  sessionKey: optional(string()),
  idempotencyKey: text(),
});
export type SendParams = Static<typeof SendParams>;

export const PollParams = strict({
  to: text(),
  question: text(),
  options: list(text(), { minItems: 2, maxItems: 12 }),
  maxSelections: optional(int(1, 12)),
  durationHours: optional(int(1)),
  channel: optional(string()),
  accountId: optional(string()),
  idempotencyKey: text(),
});
export type PollParams = Static<typeof PollParams>;

/** One account of a channel. Times are epoch ms; platforms add keys of their own. */
export const ChannelAccount = open({
  accountId: text(),
  name: optional(string()),
  enabled: optional(flag()),
  configured: optional(flag()),
  linked: optional(flag()),
  running: optional(flag()),
  connected: optional(flag()),
  reconnectAttempts: optional(int(0)),
  lastConnectedAt: optional(time()),
  lastStartAt: optional(time()),
  lastStopAt: optional(time()),
  lastInboundAt: optional(time()),
  lastOutboundAt: optional(time()),
  lastProbeAt: optional(time()),
  lastError: optional(string()),
  mode: optional(string()),
  dmPolicy: optional(string()),
  allowFrom: optional(list(string())),
  tokenSource: optional(string()),
  probe: optional(anything()),
});
export type ChannelAccount = Static<typeof ChannelAccount>;

export const ChannelsStatusResult = open({
  ts: time(),
  channelOrder: list(string()),
  channelLabels: mapOf(string()),
  channelDetailLabels: optional(mapOf(string())),
  channelSystemImages: optional(mapOf(string())),
  channelMeta: optional(
    list(open({ id: text(), label: string(), detailLabel: string(), systemImage: optional(string()) })),
  ),
  channels: mapOf(anything()),
  channelAccounts: mapOf(list(ChannelAccount)),
  channelDefaultAccountId: mapOf(string()),
});
export type ChannelsStatusResult = Static<typeof ChannelsStatusResult>;
