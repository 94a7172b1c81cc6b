import type { CommandInput, Shortcut } from "./command.ts";

export const whoami: Shortcut = {
  name: "whoami",
  aliases: ["id"],
  description: "Your id on this channel, as allowlists want it.",
  section: "Information",
  shortcut: true,
  run: (_args, input) => ({ reply: describe(input) }),
};

function describe({
  channel,
  account,
  senderId,
  senderName,
  senderIds = [],
  target,
  chatId,
  chatKind,
  owner,
}: CommandInput): string {
  const handles = senderIds.filter((id) => id !== senderId);
  const you = [senderId, ...handles].join(", ");
  return [
    `You: ${you}${senderName ? ` (${senderName})` : ""}${owner ? " · owner" : ""}`,
    `Channel: ${channel}${account && account !== "default" ? ` (${account})` : ""}`,
    ...(chatKind === "direct" || !(chatId ?? target) ? [] : [`Chat: ${chatId ?? target} (${chatKind})`]),
  ].join("\n");
}
