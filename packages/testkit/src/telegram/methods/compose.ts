import { badRequest } from "../api-failure.ts";
import { autoEntities } from "../auto-entities.ts";
import { parseHtml } from "../html-entities.ts";
import type { WireEntity, WireMessage } from "../wire.ts";
import type { ChatState, World } from "../world.ts";
import { flagParam, type MethodContext, numberParam, objectParam, textParam } from "./context.ts";

/** Characters after entities were read, the platform's documented limits. */
const LIMITS = { text: 4096, caption: 1024 } as const;

/** Text and entities of `text` or `caption`, parsed and checked as the platform does. */
export function readText(
  params: MethodContext["params"],
  field: "text" | "caption",
): { text: string; entities: WireEntity[] } {
  const raw = textParam(params, field);
  const mode = textParam(params, "parse_mode").toLowerCase();
  if (mode !== "" && mode !== "html") throw badRequest(`unsupported parse_mode ${mode} (the emulator reads HTML)`);
  const parsed =
    mode === "html" ? parseHtml(raw) : { text: raw, entities: objectParam<WireEntity[]>(params, "entities", []) };
  if (parsed.text.length > LIMITS[field])
    throw badRequest(field === "text" ? "message is too long" : "message caption is too long");
  if (field === "text" && parsed.text.trim() === "") throw badRequest("message text is empty");
  return { text: parsed.text, entities: [...parsed.entities, ...autoEntities(parsed.text)] };
}

/** The message skeleton of a send: chat, thread and reply checked. */
export function composeMessage(context: MethodContext): { state: ChatState; message: WireMessage } {
  const { params, world } = context;
  const state = world.resolve(params["chat_id"]);
  const message: WireMessage = {
    message_id: 0,
    date: Math.floor(Date.now() / 1000),
    chat: state.chat,
    from: world.bot,
  };
  const threadId = numberParam(params, "message_thread_id");
  if (threadId !== undefined) {
    requireTopic(state, threadId);
    message.message_thread_id = threadId;
    message["is_topic_message"] = true;
  }
  const reply = findReply(params, state);
  if (reply !== undefined) message.reply_to_message = reply;
  return { state, message };
}

/** The General topic has no id of its own on the wire: naming thread 1 is refused, as on the platform. */
export function requireTopic(state: ChatState, threadId: number): void {
  if (!state.topics.has(threadId) || (threadId === 1 && state.chat.is_forum === true))
    throw badRequest("message thread not found");
}

interface ReplyParameters {
  message_id?: number;
  allow_sending_without_reply?: boolean;
  quote?: string;
}

function findReply(params: MethodContext["params"], state: ChatState): WireMessage | undefined {
  const reply = objectParam<ReplyParameters | undefined>(params, "reply_parameters", undefined);
  const messageId = reply?.message_id ?? numberParam(params, "reply_to_message_id");
  if (messageId === undefined) return undefined;
  const found = state.messages.get(messageId);
  if (found === undefined || found.deleted) {
    if (reply?.allow_sending_without_reply === true || flagParam(params, "allow_sending_without_reply"))
      return undefined;
    throw badRequest("message to be replied not found");
  }
  if (reply?.quote !== undefined && !found.text.includes(reply.quote)) throw badRequest("QUOTE_TEXT_INVALID");
  return found.wire;
}

/** Gives the message its id, puts it into the chat, clears the draft it replaces. */
export function postMessage(
  world: World,
  state: ChatState,
  message: WireMessage,
  extra: Parameters<World["post"]>[2] = {},
): WireMessage {
  message.message_id = world.nextMessageId(state.chat.id);
  world.post(state, message, extra);
  delete state.draft;
  return message;
}
