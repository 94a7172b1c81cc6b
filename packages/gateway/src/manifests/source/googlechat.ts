import {
  actions,
  anything,
  choice,
  common,
  dmSection,
  either,
  flag,
  groupEntry,
  ids,
  map,
  path,
  replyToMode,
  secret,
  section,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const { allowFrom: _allowFrom, ...entry } = groupEntry;

const keys = {
  ...common({ mediaMaxMb: 20 }),
  serviceAccount: either(
    "Service account key: the JSON itself. GOOGLE_CHAT_SERVICE_ACCOUNT stands in for the default account.",
    [secret("JSON text."), map("JSON.", anything("Value."))],
    {
      sensitive: true,
    },
  ),
  serviceAccountFile: path(
    "File with the service account key. GOOGLE_CHAT_SERVICE_ACCOUNT_FILE stands in for the default account.",
  ),
  audienceType: choice(["app-url", "project-number"], "What requests from Google are signed for."),
  audience: text("The app's URL or the project's number, as set in the Chat app.", {
    placeholder: "https://gateway.example.com/googlechat",
  }),
  webhookPath: text("Path on the gateway's port.", { default: "/googlechat" }),
  webhookUrl: text("Public address, when the path cannot be told from it."),
  botUser: text("The app's user, users/<id>; helps to see mentions."),
  allowBots: flag("Take messages of other apps.", { default: false }),
  requireMention: flag("Answer only when mentioned. Default: true."),
  dm: dmSection,
  groupAllowFrom: ids("Senders who may trigger the app in spaces. Default: everybody in an allowed space."),
  groups: map(
    "Spaces by name, spaces/<id>; when set, also the list of spaces allowed. * is every other.",
    section("One space.", { ...entry, allow: flag("False shuts it out."), users: ids("Only these users.") }),
    { key: "space" },
  ),
  actions: actions({ reactions: true }),
  replyToMode: replyToMode("off"),
  typingIndicator: choice(
    ["none", "message", "reaction"],
    "How work is shown: not, by a message that becomes the reply, or by a reaction.",
    { default: "message" },
  ),
};

export const googlechat: ChannelSource = {
  id: "googlechat",
  label: "Google Chat",
  description: "Google Chat app, over HTTP.",
  schema: withAccounts("Google Chat app.", keys),
  envVars: ["GOOGLE_CHAT_SERVICE_ACCOUNT", "GOOGLE_CHAT_SERVICE_ACCOUNT_FILE"],
};
