import {
  actions,
  choice,
  common,
  direct,
  flag,
  groupEntry,
  int,
  map,
  path,
  section,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const keys = {
  ...common({ mediaMaxMb: 50 }),
  ...direct,
  groups: map(
    "Groups by JID; when set, also the list of groups allowed. * is every other group.",
    section("One group.", groupEntry),
    { key: "group" },
  ),
  sendReadReceipts: flag("Mark messages as read. Never done in the chat with yourself.", { default: true }),
  selfChatMode: flag("The number is your own. Default: when allowFrom holds it."),
  messagePrefix: text("Put before inbound messages. Default: [openclaw] when allowFrom is empty."),
  ackReaction: section("Reaction that acknowledges a message.", {
    emoji: text("Emoji; empty for none."),
    direct: flag("In direct chats.", { default: true }),
    group: choice(["always", "mentions", "never"], "In groups.", { default: "mentions" }),
  }),
  debounceMs: int("Quick messages of one sender are joined. Default: messages.inbound.", { minimum: 0, unit: "ms" }),
  actions: actions({ reactions: true, sendMessage: true, polls: true }),
};

export const whatsapp: ChannelSource = {
  id: "whatsapp",
  label: "WhatsApp",
  description: "WhatsApp, as a linked device.",
  schema: withAccounts("WhatsApp.", keys, {
    authDir: path(
      "Directory of the linked device's keys. Default: credentials/whatsapp/<account> in the state directory.",
    ),
  }),
  rewrites: [
    {
      from: "routing.allowFrom",
      to: "channels.whatsapp.allowFrom",
      because: "each channel has an allowlist of its own.",
    },
    {
      from: "messages.messagePrefix",
      to: "channels.whatsapp.messagePrefix",
      when: "channels.whatsapp",
      because: "only WhatsApp has it.",
    },
    {
      from: "channels.whatsapp.requireMention",
      to: "channels.whatsapp.groups.*.requireMention",
      because: "mentions are set for each group, * is every other.",
    },
    {
      from: "routing.groupChat.requireMention",
      to: "channels.whatsapp.groups.*.requireMention",
      when: "channels.whatsapp",
      copy: true,
      because: "mentions are set for each channel's groups.",
    },
  ],
};
