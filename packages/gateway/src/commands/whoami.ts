import type { Command } from "./command.ts";

export const whoami: Command = {
  name: "whoami",
  aliases: ["id"],
  description: "Your id on this channel, as allowlists want it.",
  run: (_args, { channel, senderId, senderName, target }) => ({
    reply: [`Channel: ${channel}`, `You: ${senderId}${senderName ? ` (${senderName})` : ""}`, ...(target ? [`Chat: ${target}`] : [])].join("\n"),
  }),
};
