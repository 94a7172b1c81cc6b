import { badRequest } from "../api-failure.ts";
import type { WireMessage } from "../wire.ts";
import type { ChatMessage, ChatState } from "../world.ts";
import { composeMessage, postMessage, readText, requireTopic } from "./compose.ts";
import { flagParam, type Method, type MethodContext, numberParam, objectParam, textParam } from "./context.ts";
import { REACTION_EMOJI } from "./reaction-emoji.ts";

export const sendMessage: Method = (context) => {
  const { state, message } = composeMessage(context);
  const { text, entities } = readText(context.params, "text");
  message.text = text.trim();
  if (entities.length > 0) message.entities = entities;
  return postMessage(context.world, state, message, { silent: flagParam(context.params, "disable_notification") });
};

export const sendPoll: Method = (context) => {
  const { state, message } = composeMessage(context);
  const options = objectParam<unknown[] | undefined>(context.params, "options", undefined);
  if (!Array.isArray(options) || options.length < 2) throw badRequest("poll must have at least 2 option");
  const question = textParam(context.params, "question");
  if (question === "") throw badRequest("poll question must be non-empty");
  message["poll"] = { id: String(Date.now()), question, options, is_anonymous: true, type: "regular" };
  return postMessage(context.world, state, message);
};

function ownMessage(context: MethodContext, missing: string): { state: ChatState; entry: ChatMessage } {
  const state = context.world.resolve(context.params["chat_id"]);
  const entry = state.messages.get(numberParam(context.params, "message_id") ?? 0);
  if (entry === undefined || entry.deleted) throw badRequest(missing);
  return { state, entry };
}

export const editMessageText: Method = (context) => {
  const { entry } = ownMessage(context, "message to edit not found");
  if (!entry.fromBot) throw badRequest("message can't be edited");
  return edit(context, entry, "text");
};

export const editMessageCaption: Method = (context) => {
  const { entry } = ownMessage(context, "message to edit not found");
  if (!entry.fromBot) throw badRequest("message can't be edited");
  return edit(context, entry, "caption");
};

function edit(context: MethodContext, entry: ChatMessage, field: "text" | "caption"): WireMessage {
  const { text, entities } = readText(context.params, field);
  const entityField = field === "text" ? "entities" : "caption_entities";
  const next: WireMessage = { ...entry.wire, [field]: text, edit_date: Math.floor(Date.now() / 1000) };
  if (entities.length > 0) next[entityField] = entities;
  else delete next[entityField];
  const markup = objectParam<unknown>(context.params, "reply_markup", undefined);
  if (
    entry.text === text &&
    JSON.stringify(entry.wire[entityField] ?? []) === JSON.stringify(entities) &&
    JSON.stringify(entry.wire["reply_markup"]) === JSON.stringify(markup)
  )
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  if (markup !== undefined) next["reply_markup"] = markup;
  entry.wire = next;
  entry.text = text;
  entry.edits += 1;
  return next;
}

export const deleteMessage: Method = (context) => {
  const { entry } = ownMessage(context, "message to delete not found");
  entry.deleted = true;
  return true;
};

export const setMessageReaction: Method = (context) => {
  const { entry } = ownMessage(context, "message to react not found");
  const reactions = objectParam<{ type: string; emoji?: string }[]>(context.params, "reaction", []);
  const emoji = reactions.map((reaction) => reaction.emoji ?? "");
  if (emoji.some((one) => !REACTION_EMOJI.has(one))) throw badRequest("REACTION_INVALID");
  if (emoji.length > 1) throw badRequest("REACTIONS_TOO_MANY");
  entry.botReactions = emoji;
  return true;
};

export const sendChatAction: Method = (context) => {
  const state = context.world.resolve(context.params["chat_id"]);
  const action = textParam(context.params, "action");
  if (action === "") throw badRequest("wrong parameter action in request");
  state.actions.push(action);
  return true;
};

export const sendMessageDraft: Method = (context) => {
  const state = context.world.resolve(context.params["chat_id"]);
  if (state.chat.type !== "private") throw badRequest("message drafts can be sent only to private chats");
  const draftId = numberParam(context.params, "draft_id") ?? 0;
  if (draftId === 0) throw badRequest("draft_id must be non-zero");
  const threadId = numberParam(context.params, "message_thread_id");
  if (threadId !== undefined) requireTopic(state, threadId);
  const text = textParam(context.params, "text") === "" ? "" : readText(context.params, "text").text;
  state.draft = threadId === undefined ? { draftId, text } : { draftId, text, threadId };
  return true;
};

export const pinChatMessage: Method = (context) => {
  const { state, entry } = ownMessage(context, "message to pin not found");
  state.pinned = entry.messageId;
  return true;
};
