import {
  actions,
  choice,
  common,
  dmSection,
  flag,
  groupEntry,
  ids,
  map,
  nativeCommands,
  reactionNotifications,
  replyToMode,
  secret,
  section,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const { allowFrom: _allowFrom, ...entry } = groupEntry;

const channel = section("One channel.", {
  ...entry,
  allow: flag("False shuts it out."),
  allowBots: flag("Take messages of other bots here."),
  users: ids("Only these users. Default: everybody."),
});

const keys = {
  ...common({ mediaMaxMb: 20 }),
  mode: choice(["socket", "http"], "How events arrive.", { default: "socket" }),
  botToken: secret("Bot token, xoxb-. SLACK_BOT_TOKEN stands in for the default account."),
  appToken: secret("App token, xapp-. SLACK_APP_TOKEN stands in for the default account."),
  userToken: secret("User token, xoxp-, for reading what the bot may not.", { advanced: true }),
  signingSecret: secret("Signing secret for mode http."),
  webhookPath: text("Path on the gateway's port for mode http.", { default: "/slack/events" }),
  dm: dmSection,
  channels: map("Channels by id or #name; when set, also the list of channels allowed. * is every other.", channel, {
    key: "channel",
  }),
  requireMention: flag("Answer only when mentioned. Default: true."),
  allowBots: flag("Take messages of other bots. Our own are never taken.", { default: false }),
  reactionNotifications,
  reactionAllowlist: ids("Users for reactionNotifications allowlist."),
  replyToMode: replyToMode("off"),
  replyToModeByChatType: section("Overrides by kind of chat.", {
    direct: choice(["off", "first", "all"], "Direct chats."),
    group: choice(["off", "first", "all"], "Group direct chats."),
    channel: choice(["off", "first", "all"], "Channels."),
  }),
  thread: section("Threads.", {
    historyScope: choice(["thread", "channel"], "What a thread's context holds.", { default: "thread" }),
    inheritParent: flag("A new thread begins with its channel's conversation.", { default: false }),
  }),
  actions: actions({ reactions: true, messages: true, pins: true, memberInfo: true, emojiList: true }),
  slashCommand: section("A slash command that talks to the agent.", {
    enabled: flag("Answer it.", { default: false }),
    name: text("Name without the slash.", { default: "openclaw" }),
    sessionPrefix: text("Start of its session keys.", { default: "slack:slash" }),
    ephemeral: flag("Answers are seen by the caller only.", { default: true }),
  }),
  commands: nativeCommands,
};

export const slack: ChannelSource = {
  id: "slack",
  label: "Slack",
  description: "Slack app, in Socket Mode or over HTTP.",
  schema: withAccounts("Slack app.", keys),
  envVars: ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"],
};
