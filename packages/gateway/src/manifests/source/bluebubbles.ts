import {
  actions,
  common,
  direct,
  flag,
  groupEntry,
  map,
  replyToMode,
  secret,
  section,
  text,
  withAccounts,
} from "@openclaw/core/config/schema";
import type { ChannelSource } from "./channel.ts";

const keys = {
  ...common({ mediaMaxMb: 8 }),
  ...direct,
  serverUrl: text("Address of the BlueBubbles server.", { placeholder: "http://192.168.1.100:1234" }),
  password: secret("The server's password."),
  webhookPath: text("Path on the gateway's port.", { default: "/bluebubbles-webhook" }),
  sendReadReceipts: flag("Mark messages as read.", { default: true }),
  groups: map(
    "Groups by chat guid; when set, also the list of groups allowed. * is every other group.",
    section("One group.", groupEntry),
    { key: "group" },
  ),
  replyToMode: replyToMode("all"),
  actions: actions({
    reactions: true,
    edit: true,
    unsend: true,
    reply: true,
    sendWithEffect: true,
    sendAttachment: true,
    renameGroup: true,
    setGroupIcon: true,
    addParticipant: true,
    removeParticipant: true,
    leaveGroup: true,
  }),
};

export const bluebubbles: ChannelSource = {
  id: "bluebubbles",
  label: "BlueBubbles",
  description: "iMessage through a BlueBubbles server.",
  schema: withAccounts("BlueBubbles.", keys),
};
