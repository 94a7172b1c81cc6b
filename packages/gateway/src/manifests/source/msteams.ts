import {
  actions,
  choice,
  common,
  direct,
  flag,
  groupEntry,
  map,
  port,
  replyToMode,
  secret,
  section,
  strings,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const { allowFrom: _allowFrom, ...entry } = groupEntry;
const replyStyle = choice(["thread", "top-level"], "Answer in the thread, or as a new post.");

const keys = {
  ...common({ mediaMaxMb: 100 }),
  ...direct,
  appId: text("Application id of the bot. MSTEAMS_APP_ID stands in."),
  appPassword: secret("Client secret. MSTEAMS_APP_PASSWORD stands in."),
  tenantId: text("Directory id. MSTEAMS_TENANT_ID stands in."),
  webhook: section("Where Teams sends messages.", {
    port: port("Port.", { default: 3978 }),
    path: text("Path.", { default: "/api/messages" }),
  }),
  mediaAllowHosts: strings("Hosts that files are downloaded from, and their subdomains. Default: Microsoft's."),
  mediaAuthAllowHosts: strings("Hosts that get our token with the download. Default: Microsoft's.", { advanced: true }),
  sharePointSiteId: text("Site that files sent to groups are uploaded to."),
  requireMention: flag("Answer only when mentioned. Default: true."),
  replyStyle,
  replyToMode: replyToMode("all"),
  teams: map(
    "Teams by id; when set, also the list of teams allowed. * is every other.",
    section("One team.", {
      requireMention: flag("Answer only when mentioned."),
      replyStyle,
      tools: entry.tools,
      toolsBySender: entry.toolsBySender,
      channels: map("Channels by id; when set, only these.", section("One channel.", { ...entry, replyStyle }), {
        key: "channel",
      }),
    }),
    { key: "team" },
  ),
  actions: actions({ polls: true }),
};

export const msteams: ChannelSource = {
  id: "msteams",
  label: "Microsoft Teams",
  description: "Microsoft Teams bot.",
  schema: withAccounts("Microsoft Teams bot.", keys),
  envVars: ["MSTEAMS_APP_ID", "MSTEAMS_APP_PASSWORD", "MSTEAMS_TENANT_ID"],
};
