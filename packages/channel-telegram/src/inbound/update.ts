import type { CallbackQuery, Update } from "grammy/types";
import type { Inbound } from "@openclaw/plugin-sdk";
import { encodeTarget } from "../target.ts";
import { readChat, readThreadId, readUser } from "./chat.ts";
import type { ReadContext } from "./context.ts";
import { readMessage } from "./message.ts";
import { readReaction } from "./reaction.ts";

const one = (inbound: Inbound | undefined): Inbound[] => (inbound === undefined ? [] : [inbound]);

/** What an update says, in the gateway's terms. Empty for kinds that do not concern it. */
export function readUpdate(update: Update, context: ReadContext): Inbound[] {
  const key = `update:${update.update_id}`;
  const written = update.message ?? update.channel_post;
  if (written !== undefined) return one(readMessage(key, "message", written, context));
  const edited = update.edited_message ?? update.edited_channel_post;
  if (edited !== undefined) return one(readMessage(key, "edit", edited, context));
  if (update.message_reaction !== undefined) return readReaction(key, update.message_reaction, context);
  if (update.callback_query !== undefined) return one(readCallback(key, update.callback_query, context));
  return [];
}

/** A pressed button reads as if its person had written the button's data. */
function readCallback(key: string, query: CallbackQuery, context: ReadContext): Inbound | undefined {
  const { message, data } = query;
  if (message === undefined || message.date === 0 || data === undefined) return undefined;
  const threadId = readThreadId(message);
  const chatId = String(message.chat.id);
  const inbound: Inbound = {
    key,
    kind: "message",
    target: encodeTarget(threadId === undefined ? { chatId } : { chatId, threadId }),
    chat: readChat(message.chat, threadId),
    sender: readUser(query.from),
    messageId: String(message.message_id),
    // The platform does not date a press.
    timestamp: context.now(),
    text: data,
  };
  if (message.chat.type !== "private") inbound.mentioned = true;
  if (data.startsWith("/")) inbound.command = data;
  return inbound;
}
