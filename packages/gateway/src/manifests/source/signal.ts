import {
  actions,
  choice,
  common,
  direct,
  flag,
  groupEntry,
  ids,
  int,
  map,
  path,
  port,
  reactionNotifications,
  replyToMode,
  section,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const keys = {
  ...common({ mediaMaxMb: 8 }),
  ...direct,
  account: text("Own number, E.164.", { placeholder: "+15555550123" }),
  httpUrl: text("Address of a running signal-cli daemon."),
  httpHost: text("Host of the daemon.", { default: "127.0.0.1" }),
  httpPort: port("Port of the daemon.", { default: 8080 }),
  cliPath: path("signal-cli program.", { default: "signal-cli" }),
  autoStart: flag("Start the daemon. Default: true unless httpUrl is set."),
  startupTimeoutMs: int("How long the daemon's start may take.", {
    default: 30_000,
    minimum: 1000,
    maximum: 120_000,
    unit: "ms",
  }),
  receiveMode: choice(["on-start", "manual"], "When the daemon receives.", { advanced: true }),
  ignoreAttachments: flag("Do not download files.", { default: false }),
  ignoreStories: flag("Do not read stories.", { default: true }),
  sendReadReceipts: flag("Mark messages as read.", { default: false }),
  groups: map(
    "Groups by id; when set, also the list of groups allowed. * is every other group.",
    section("One group.", groupEntry),
    { key: "group" },
  ),
  reactionNotifications,
  reactionAllowlist: ids("Senders for reactionNotifications allowlist; numbers or uuid:<id>."),
  reactionLevel: choice(["off", "ack", "minimal", "extensive"], "How freely the agent reacts.", { default: "minimal" }),
  replyToMode: replyToMode("all"),
  actions: actions({ reactions: true }),
};

export const signal: ChannelSource = {
  id: "signal",
  label: "Signal",
  description: "Signal, through signal-cli.",
  schema: withAccounts("Signal.", keys),
};
