import {
  actions,
  choice,
  common,
  direct,
  flag,
  groupEntry,
  map,
  path,
  replyToMode,
  section,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const keys = {
  ...common({ mediaMaxMb: 16 }),
  ...direct,
  cliPath: path("imsg program, or a script that runs it elsewhere.", { default: "imsg" }),
  dbPath: path("Messages database.", { default: "~/Library/Messages/chat.db" }),
  remoteHost: text("user@host that files are copied from, when cliPath runs elsewhere."),
  includeAttachments: flag("Hand attachments to the agent.", { default: false }),
  service: choice(["auto", "imessage", "sms"], "How messages are sent.", { default: "auto" }),
  region: text("Region of numbers without country code.", { default: "US" }),
  groups: map(
    "Groups by chat_id; when set, also the list of groups allowed. * is every other group.",
    section("One group.", groupEntry),
    { key: "group" },
  ),
  replyToMode: replyToMode("all"),
  actions: actions({ reactions: true }),
};

export const imessage: ChannelSource = {
  id: "imessage",
  label: "iMessage",
  description: "iMessage on macOS, through imsg.",
  schema: withAccounts("iMessage.", keys),
  rewrites: [
    {
      from: "routing.groupChat.requireMention",
      to: "channels.imessage.groups.*.requireMention",
      when: "channels.imessage",
      copy: true,
      because: "mentions are set for each channel's groups.",
    },
  ],
};
