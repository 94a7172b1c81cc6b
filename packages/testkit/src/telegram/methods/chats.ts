import { badRequest } from "../api-failure.ts";
import { type Method, numberParam, objectParam, textParam } from "./context.ts";

export const getMe: Method = ({ world }) => world.bot;

export const getChat: Method = ({ params, world }) => ({
  ...world.resolve(params["chat_id"]).chat,
  accent_color_id: 0,
  max_reaction_count: 11,
});

export const getChatMember: Method = ({ params, world }) => {
  const state = world.resolve(params["chat_id"]);
  const userId = numberParam(params, "user_id");
  if (userId === world.bot.id) return { status: "member", user: world.bot };
  const user = [...state.messages.values()].findLast((entry) => entry.from?.id === userId)?.from;
  if (user === undefined) throw badRequest("PARTICIPANT_ID_INVALID");
  return { status: "member", user };
};

export const createForumTopic: Method = ({ params, world }) => {
  const state = world.resolve(params["chat_id"]);
  if (state.chat.is_forum !== true && state.chat.type !== "private") throw badRequest("the chat is not a forum");
  const name = textParam(params, "name");
  if (name === "" || name.length > 128) throw badRequest("topic name is invalid");
  const threadId = world.nextMessageId(state.chat.id);
  state.topics.set(threadId, name);
  return { message_thread_id: threadId, name, icon_color: 7322096 };
};

export const answerCallbackQuery: Method = ({ params }) => {
  if (textParam(params, "callback_query_id") === "")
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  return true;
};

/** Commands are kept apart for each scope and language, the most specific winning in a client. */
const scopeKey = (params: Readonly<Record<string, unknown>>) => {
  const scope = objectParam<{ type?: string; chat_id?: number } | undefined>(params, "scope", undefined);
  return [scope?.type ?? "default", scope?.chat_id ?? "", textParam(params, "language_code")].join("/");
};

export const setMyCommands: Method = ({ params, world }) => {
  const commands = objectParam<{ command: string; description: string }[] | undefined>(params, "commands", undefined);
  if (!Array.isArray(commands)) throw badRequest("can't parse commands");
  if (commands.length > 100) throw badRequest("BOT_COMMANDS_TOO_MUCH");
  for (const { command, description } of commands) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest("BOT_COMMAND_INVALID");
    if (description.length < 1 || description.length > 256) throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
  }
  world.commands.set(scopeKey(params), commands);
  return true;
};

export const getMyCommands: Method = ({ params, world }) => world.commands.get(scopeKey(params)) ?? [];

export const deleteMyCommands: Method = ({ params, world }) => {
  world.commands.delete(scopeKey(params));
  return true;
};
