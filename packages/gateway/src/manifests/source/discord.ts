import {
  actions,
  common,
  dmSection,
  flag,
  groupEntry,
  ids,
  int,
  map,
  nativeCommands,
  reactionNotifications,
  replyToMode,
  retry,
  secret,
  section,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const { allowFrom: _allowFrom, ...entry } = groupEntry;
const users = ids("Only these users, by id or name. Default: everybody.");

const channel = section("One channel.", {
  ...entry,
  allow: flag("False shuts it out."),
  users,
  autoThread: flag("Answer each message in a thread of its own.", { default: false }),
});

const guild = section("One server.", {
  slug: text("Name in lower case with - for spaces."),
  requireMention: flag("Answer only when mentioned. Default: true."),
  reactionNotifications,
  users,
  tools: entry.tools,
  toolsBySender: entry.toolsBySender,
  channels: map("Channels by id or name; when set, only these. * is every other.", channel, { key: "channel" }),
});

const keys = {
  ...common({ textChunkLimit: 2000, mediaMaxMb: 8 }),
  historyLimit: int(
    "Unanswered messages given as context; 0 for none. Default: messages.groupChat.historyLimit, then 20.",
    { minimum: 0, unit: "messages" },
  ),
  token: secret("Bot token. DISCORD_BOT_TOKEN stands in for the default account."),
  allowBots: flag("Take messages of other bots. Our own are never taken.", { default: false }),
  maxLinesPerMessage: int("Longer replies are cut, because clients fold them.", {
    default: 17,
    minimum: 1,
    unit: "lines",
  }),
  actions: actions({
    reactions: true,
    stickers: true,
    emojiUploads: true,
    stickerUploads: true,
    polls: true,
    permissions: true,
    messages: true,
    threads: true,
    pins: true,
    search: true,
    memberInfo: true,
    roleInfo: true,
    roles: false,
    channelInfo: true,
    channels: true,
    voiceStatus: true,
    events: true,
    moderation: false,
    presence: false,
  }),
  replyToMode: replyToMode("off"),
  dm: dmSection,
  guilds: map("Servers by id or slug; when set, also the list of servers allowed. * is every other.", guild, {
    key: "guild",
  }),
  retry: retry(500),
  intents: section(
    "Privileged intents to ask for.",
    {
      presence: flag("Who is online.", { default: false }),
      guildMembers: flag("Members of servers.", { default: false }),
    },
    { advanced: true },
  ),
  commands: nativeCommands,
};

export const discord: ChannelSource = {
  id: "discord",
  label: "Discord",
  description: "Discord bot.",
  schema: withAccounts("Discord bot.", keys),
  envVars: ["DISCORD_BOT_TOKEN"],
};
