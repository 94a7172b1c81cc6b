import {
  actions,
  choice,
  common,
  direct,
  flag,
  groupEntry,
  map,
  nativeCommands,
  replyToMode,
  secret,
  section,
  strings,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const keys = {
  ...common(),
  ...direct,
  botToken: secret("Bot token. MATTERMOST_BOT_TOKEN stands in for the default account."),
  baseUrl: text("Address of the server. MATTERMOST_URL stands in for the default account.", {
    placeholder: "https://chat.example.com",
  }),
  chatmode: choice(["oncall", "onmessage", "onchar"], "Answer in channels when mentioned, always, or after a prefix.", {
    default: "oncall",
  }),
  oncharPrefixes: strings("Prefixes of chatmode onchar.", { default: [">", "!"] }),
  requireMention: flag("Answer only when mentioned. Default: what chatmode says."),
  groups: map(
    "Channels by id; when set, also the list of channels allowed. * is every other.",
    section("One channel.", groupEntry),
    { key: "channel" },
  ),
  replyToMode: replyToMode("all"),
  actions: actions({ reactions: true, messages: true }),
  commands: nativeCommands,
};

export const mattermost: ChannelSource = {
  id: "mattermost",
  label: "Mattermost",
  description: "Mattermost bot; a plugin that is installed apart.",
  schema: withAccounts("Mattermost bot.", keys),
  envVars: ["MATTERMOST_BOT_TOKEN", "MATTERMOST_URL"],
};
