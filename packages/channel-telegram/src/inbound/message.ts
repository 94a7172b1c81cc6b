import type { Message } from "grammy/types";
import type { Inbound } from "@openclaw/plugin-sdk";
import { encodeTarget } from "../target.ts";
import { readChat, readSender, readThreadId } from "./chat.ts";
import type { ReadContext } from "./context.ts";
import { readMedia } from "./media.ts";
import { originName, readQuote } from "./quote.ts";
import { isMentioned, rawTextOf, readCommand, readText } from "./text.ts";

/** Texts from this length on were probably cut by the sender's client, which sends the rest as further messages. */
const PART_LENGTH = 4000;

/** One message or edit. Undefined for service messages and our own. */
export function readMessage(
  key: string,
  kind: "message" | "edit",
  message: Message,
  context: ReadContext,
): Inbound | undefined {
  if (message.from?.id === context.me.id) return undefined;
  const text = readText(message);
  const media = readMedia(message);
  if (text === "" && media.length === 0) return undefined;
  const threadId = readThreadId(message);
  const chatId = String(message.chat.id);
  const topic = message.reply_to_message?.forum_topic_created?.name;
  const inbound: Inbound = {
    key,
    kind,
    target: encodeTarget(threadId === undefined ? { chatId } : { chatId, threadId }),
    chat: readChat(message.chat, threadId, topic),
    sender: readSender(message),
    messageId: String(message.message_id),
    timestamp: (kind === "edit" ? (message.edit_date ?? message.date) : message.date) * 1000,
    text,
  };
  if (media.length > 0) inbound.media = media;
  if (message.media_group_id !== undefined) inbound.albumId = `${chatId}:${message.media_group_id}`;
  const quote = readQuote(message, context.me);
  if (quote !== undefined) inbound.quote = quote;
  const forwardedFrom = message.forward_origin === undefined ? undefined : originName(message.forward_origin);
  if (forwardedFrom !== undefined) inbound.forwardedFrom = forwardedFrom;
  if (message.chat.type !== "private") inbound.mentioned = isMentioned(message, context.me);
  const command = readCommand(message, context.me);
  if (command !== undefined) inbound.command = command;
  if (message.text !== undefined)
    inbound.part = { sequence: message.message_id, full: rawTextOf(message).length >= PART_LENGTH };
  return inbound;
}
