import type { Message, MessageOrigin, User } from "grammy/types";
import type { Quote } from "@openclaw/plugin-sdk";
import { personName, readSender } from "./chat.ts";
import { readMedia } from "./media.ts";
import { rawTextOf } from "./text.ts";

export function originName(origin: MessageOrigin): string | undefined {
  if (origin.type === "user") return personName(origin.sender_user);
  if (origin.type === "hidden_user") return origin.sender_user_name;
  const chat = origin.type === "chat" ? origin.sender_chat : origin.chat;
  return chat.type === "private" ? chat.first_name : chat.title;
}

/** What the message answers to. In a topic every message "answers" the topic's opening: that is no quote. */
export function readQuote(message: Message, me: User): Quote | undefined {
  const answered = message.reply_to_message;
  const selected = message.quote?.text;
  if (answered === undefined) return readExternal(message, selected);
  if (answered.forum_topic_created !== undefined) return undefined;
  const quote: Quote = { messageId: String(answered.message_id) };
  const text = selected ?? (rawTextOf(answered) || describeMedia(answered));
  if (text !== undefined) quote.text = text;
  const name = readSender(answered).name;
  if (name !== undefined) quote.senderName = name;
  if (answered.from?.id === me.id) quote.fromSelf = true;
  return quote;
}

/** An answer to a message of another chat. */
function readExternal(message: Message, selected: string | undefined): Quote | undefined {
  if (message.external_reply === undefined) return undefined;
  const quote: Quote = {};
  if (selected !== undefined) quote.text = selected;
  const name = originName(message.external_reply.origin);
  if (name !== undefined) quote.senderName = name;
  return quote;
}

function describeMedia(message: Message): string | undefined {
  const kind = readMedia(message)[0]?.kind;
  return kind === undefined ? undefined : `<${kind}>`;
}
