import {
  actions,
  blockChunk,
  choice,
  common,
  direct,
  flag,
  groupEntry,
  int,
  list,
  map,
  nativeCommands,
  needed,
  path,
  replyToMode,
  retry,
  secret,
  section,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const topic = section("One topic.", groupEntry);
const group = section("One group.", {
  ...groupEntry,
  topics: map("Topics of a forum, by id. Their values win over the group's.", topic, { key: "topic" }),
});

const keys = {
  ...common({ mediaMaxMb: 5 }),
  ...direct,
  botToken: secret("Token from @BotFather. TELEGRAM_BOT_TOKEN stands in for the default account."),
  tokenFile: path("File that holds the token."),
  groups: map("Groups by chat id; when set, also the list of groups allowed. * is every other group.", group, {
    key: "group",
  }),
  customCommands: list(
    "Further entries of the bot's command menu. Names of built-in commands are skipped.",
    section("One entry.", {
      command: needed(text("Name; brought to lower case, digits and _.", { minLength: 1 })),
      description: needed(text("What it does.", { minLength: 1 })),
    }),
  ),
  replyToMode: replyToMode("first"),
  linkPreview: flag("Let Telegram preview links in replies.", { default: true }),
  streamMode: choice(
    ["off", "partial", "block"],
    "Show the reply while it is written, as a draft: whole, or in blocks. Needs topics in private chats.",
    {
      default: "partial",
    },
  ),
  draftChunk: blockChunk("Size of blocks for streamMode block.", {
    minChars: 200,
    maxChars: 800,
    breakPreference: "paragraph",
  }),
  actions: actions({ reactions: true, sendMessage: true, deleteMessage: true, editMessage: true, sticker: false }),
  reactionNotifications: choice(
    ["off", "own", "all"],
    "Which reactions the agent hears of: none, on its own messages, all.",
    { default: "own" },
  ),
  reactionLevel: choice(["off", "ack", "minimal", "extensive"], "How freely the agent reacts.", { default: "minimal" }),
  retry: retry(400),
  timeoutSeconds: int("Longest request. Default: 30 s, with a file 300 s; never longer.", {
    minimum: 1,
    unit: "s",
    advanced: true,
  }),
  network: section(
    "Connections.",
    { autoSelectFamily: flag("Try IPv4 and IPv6 together. Default: Node's own.") },
    { advanced: true },
  ),
  proxy: text("Proxy, http://, https:// or socks5://.", { placeholder: "socks5://localhost:9050" }),
  apiRoot: text("Address of a Bot API server of your own; https, or http on this machine.", {
    placeholder: "https://api.telegram.org",
    advanced: true,
  }),
  webhookUrl: text("Public address for updates. Unset: long polling."),
  webhookSecret: secret("Sent by Telegram with every update. Default: derived from the token.", {
    pattern: "^[A-Za-z0-9_-]{1,256}$",
    expected: "1 to 256 letters, digits, _ and -",
  }),
  webhookPath: text("Path on the gateway's port. Default: the path of webhookUrl, then /telegram-webhook.", {
    placeholder: "/telegram-webhook",
  }),
  commands: nativeCommands,
};

export const telegram: ChannelSource = {
  id: "telegram",
  label: "Telegram",
  description: "Telegram bot, on the Bot API.",
  schema: withAccounts("Telegram bot.", keys),
  envVars: ["TELEGRAM_BOT_TOKEN"],
  rewrites: [
    {
      from: "channels.telegram.requireMention",
      to: "channels.telegram.groups.*.requireMention",
      because: "mentions are set for each group, * is every other.",
    },
    {
      from: "routing.groupChat.requireMention",
      to: "channels.telegram.groups.*.requireMention",
      when: "channels.telegram",
      copy: true,
      because: "mentions are set for each channel's groups.",
    },
  ],
};
