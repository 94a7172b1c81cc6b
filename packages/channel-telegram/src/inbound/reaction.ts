import type { MessageReactionUpdated, ReactionType } from "grammy/types";
import type { Inbound } from "@openclaw/plugin-sdk";
import { encodeTarget } from "../target.ts";
import { readChat, readChatAsSender, readUser } from "./chat.ts";
import type { ReadContext } from "./context.ts";

const nameOf = (reaction: ReactionType): string =>
  reaction.type === "emoji" ? reaction.emoji : reaction.type === "paid" ? "⭐" : `custom:${reaction.custom_emoji_id}`;

/** One event for each emoji that came or went. */
export function readReaction(key: string, update: MessageReactionUpdated, context: ReadContext): Inbound[] {
  if (context.reactions === "off") return [];
  const chatId = String(update.chat.id);
  const own = context.sentByUs(chatId, update.message_id);
  if (context.reactions === "own" && own === undefined) return [];
  const sender =
    update.user === undefined ? update.actor_chat && readChatAsSender(update.actor_chat) : readUser(update.user);
  if (sender === undefined || sender.id === String(context.me.id)) return [];
  const before = new Set(update.old_reaction.map(nameOf));
  const after = new Set(update.new_reaction.map(nameOf));
  const changes = [
    ...[...after].filter((emoji) => !before.has(emoji)).map((emoji) => ({ emoji, added: true })),
    ...[...before].filter((emoji) => !after.has(emoji)).map((emoji) => ({ emoji, added: false })),
  ];
  // The platform does not say in which topic; we know it of our own messages.
  const threadId = own?.threadId;
  return changes.map((change, index) => ({
    key: index === 0 ? key : `${key}:${index}`,
    kind: "reaction",
    target: encodeTarget(threadId === undefined ? { chatId } : { chatId, threadId }),
    chat: readChat(update.chat, threadId),
    sender,
    messageId: String(update.message_id),
    timestamp: update.date * 1000,
    text: "",
    reaction: { ...change, onSelf: own !== undefined },
  }));
}
