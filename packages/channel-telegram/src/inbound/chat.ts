import type { Chat as WireChat, Message } from "grammy/types";
import type { Chat, Sender } from "@openclaw/plugin-sdk";
import type { User } from "grammy/types";

const KINDS = { private: "direct", group: "group", supergroup: "group", channel: "channel" } as const;
/** Accounts of the platform that stand in for an anonymous admin, and for a channel writing in a group. */
const STAND_INS = new Set([1_087_968_824, 136_817_688]);
/** The topic of a forum whose messages carry no thread id. */
const GENERAL_TOPIC = 1;

export function readChat(chat: WireChat, threadId: number | undefined, threadTitle?: string): Chat {
  const read: Chat = { kind: KINDS[chat.type], id: String(chat.id) };
  const title = chat.type === "private" ? undefined : chat.title;
  if (title !== undefined) read.title = title;
  if (threadId !== undefined) read.threadId = String(threadId);
  if (threadTitle !== undefined) read.threadTitle = threadTitle;
  return read;
}

/**
 * The thread a message was written in. Outside forums `message_thread_id` only groups replies, so it counts only when
 * the platform calls it a topic.
 */
export function readThreadId(message: Message): number | undefined {
  if (message.is_topic_message === true && message.message_thread_id !== undefined) return message.message_thread_id;
  return message.chat.type === "supergroup" && message.chat.is_forum === true ? GENERAL_TOPIC : undefined;
}

export const personName = (user: User): string => [user.first_name, user.last_name].filter(Boolean).join(" ");

export function readUser(user: User): Sender {
  const sender: Sender = { id: String(user.id), name: personName(user) };
  if (user.username !== undefined) sender.username = user.username;
  if (user.is_bot) sender.isBot = true;
  return sender;
}

export function readChatAsSender(chat: WireChat): Sender {
  const sender: Sender = { id: String(chat.id) };
  const name = chat.type === "private" ? chat.first_name : chat.title;
  if (name !== undefined) sender.name = name;
  if ("username" in chat && chat.username !== undefined) sender.username = chat.username;
  return sender;
}

/** Who wrote it: a person, or the chat in whose name it was written. */
export function readSender(message: Message): Sender {
  const { from, sender_chat: asChat } = message;
  if (asChat !== undefined && (from === undefined || STAND_INS.has(from.id))) return readChatAsSender(asChat);
  return from === undefined ? readChatAsSender(message.chat) : readUser(from);
}
