import { ApiFailure } from "./api-failure.ts";
import { autoEntities } from "./auto-entities.ts";
import { folderOf, mediaField, type MediaKind } from "./methods/media.ts";
import { isVisibleInPrivacyMode } from "./privacy.ts";
import type { UpdateQueue } from "./update-queue.ts";
import type { WireChat, WireEntity, WireMessage, WireUpdate, WireUser } from "./wire.ts";
import type { ChatState, World } from "./world.ts";

export type Person = number | (Partial<WireUser> & { id: number });

/** A file somebody sends. `size` may lie upwards, to play a file too large to hold. */
export interface InjectedFile {
  kind: MediaKind;
  data: Uint8Array;
  size?: number;
  fileName?: string;
  mimeType?: string;
}

/** What every injected message may carry. Unnamed wire fields go into `extra` as they are. */
export interface MessageInput {
  from?: Person;
  text?: string;
  /** Derived from the text when absent, as a client does. */
  entities?: WireEntity[];
  threadId?: number;
  /** Id of the message answered to. */
  replyTo?: number;
  /** The part of it that was selected. */
  quote?: string;
  file?: InjectedFile;
  albumId?: string;
  forwardedFrom?: Person;
  /** Epoch seconds. */
  date?: number;
  extra?: Record<string, unknown>;
}

/** `update` is absent when the platform withholds the event from the bot (privacy mode, kinds not asked for). */
export interface Injected {
  message: WireMessage;
  update?: WireUpdate;
}

export interface Inject {
  dm(input: MessageInput): Injected;
  group(input: MessageInput & { chatId?: number; title?: string; kind?: "group" | "supergroup" }): Injected;
  topic(input: MessageInput & { chatId?: number; threadId: number; topicName?: string }): Injected;
  channelPost(input: MessageInput & { chatId?: number; title?: string }): Injected;
  edit(input: { chatId: number; messageId: number; text: string }): Injected;
  reaction(input: {
    chatId: number;
    messageId: number;
    from?: Person;
    emoji: string;
    remove?: boolean;
  }): WireUpdate | undefined;
  callback(input: { chatId: number; messageId: number; from?: Person; data: string }): WireUpdate | undefined;
  /** The group becomes a supergroup: service message in the old chat, sends there are refused with the new id. */
  migrate(input: { chatId: number; newChatId: number }): Injected;
  /** Any update body, e.g. `{ my_chat_member: {...} }`. */
  raw(body: Record<string, unknown>): WireUpdate | undefined;
}

export interface InjectOptions {
  world: World;
  queue: UpdateQueue;
  privacy: () => boolean;
}

const DEFAULT_PERSON = { id: 7001, first_name: "Ada", username: "ada" };
export const DEFAULT_GROUP = -1_001_000_000_001;
export const DEFAULT_FORUM = -1_001_000_000_002;
export const DEFAULT_CHANNEL = -1_001_000_000_003;

const person = (who: Person = DEFAULT_PERSON): WireUser => {
  const given = typeof who === "number" ? { id: who } : who;
  const base = given.id === DEFAULT_PERSON.id ? DEFAULT_PERSON : { first_name: `User ${given.id}` };
  return { is_bot: false, ...base, ...given };
};

export function createInject({ world, queue, privacy }: InjectOptions): Inject {
  function write(state: ChatState, from: WireUser | undefined, input: MessageInput): WireMessage {
    const message: WireMessage = {
      message_id: world.nextMessageId(state.chat.id),
      date: input.date ?? Math.floor(Date.now() / 1000),
      chat: state.chat,
    };
    if (from !== undefined) message.from = from;
    if (input.file !== undefined) {
      const { kind, ...file } = input.file;
      Object.assign(message, mediaField(kind, world.addFile({ ...file, folder: folderOf(kind) })));
    }
    const entities = input.entities ?? autoEntities(input.text ?? "");
    if (input.text !== undefined) message[input.file === undefined ? "text" : "caption"] = input.text;
    if (entities.length > 0) message[input.file === undefined ? "entities" : "caption_entities"] = entities;
    if (input.threadId !== undefined) {
      message.message_thread_id = input.threadId;
      message["is_topic_message"] = true;
    }
    const answered = input.replyTo === undefined ? undefined : state.messages.get(input.replyTo);
    if (answered !== undefined) {
      const { reply_to_message: _, ...wire } = answered.wire;
      message.reply_to_message = wire;
    }
    if (input.quote !== undefined) message["quote"] = { text: input.quote, position: 0, is_manual: true };
    if (input.albumId !== undefined) message["media_group_id"] = input.albumId;
    if (input.forwardedFrom !== undefined)
      message["forward_origin"] = { type: "user", sender_user: person(input.forwardedFrom), date: message.date };
    Object.assign(message, input.extra);
    world.post(state, message);
    return message;
  }

  function deliver(kind: string, message: WireMessage): Injected {
    if (
      kind === "message" &&
      message.chat.type !== "private" &&
      privacy() &&
      !isVisibleInPrivacyMode(message, world.bot)
    )
      return { message };
    const update = queue.push({ [kind]: message });
    return update === undefined ? { message } : { message, update };
  }

  function groupState(chat: WireChat): ChatState {
    return world.chat(chat);
  }

  const entryOf = (chatId: number, messageId: number) => {
    const state = world.find(chatId);
    const entry = state?.messages.get(messageId);
    if (state === undefined || entry === undefined)
      throw new Error(`there is no message ${messageId} in chat ${chatId} to act on`);
    return { state, entry };
  };

  return {
    dm(input) {
      const from = person(input.from);
      const chat: WireChat = { id: from.id, type: "private", first_name: from.first_name };
      if (from.username !== undefined) chat.username = from.username;
      const state = world.chat(chat);
      if (input.threadId !== undefined) state.topics.set(input.threadId, `Topic ${input.threadId}`);
      return deliver("message", write(state, from, input));
    },
    group(input) {
      const state = groupState({
        id: input.chatId ?? DEFAULT_GROUP,
        type: input.kind ?? "supergroup",
        title: input.title ?? "Family",
      });
      return deliver("message", write(state, person(input.from), input));
    },
    topic(input) {
      const state = groupState({
        id: input.chatId ?? DEFAULT_FORUM,
        type: "supergroup",
        title: "Forum",
        is_forum: true,
      });
      state.topics.set(input.threadId, input.topicName ?? `Topic ${input.threadId}`);
      // Messages of the General topic carry no thread id on the wire.
      if (input.threadId !== 1) return deliver("message", write(state, person(input.from), input));
      const { threadId: _, ...general } = input;
      return deliver("message", write(state, person(input.from), general));
    },
    channelPost(input) {
      const state = world.chat({
        id: input.chatId ?? DEFAULT_CHANNEL,
        type: "channel",
        title: input.title ?? "News",
        username: "news_channel",
      });
      const message = write(state, undefined, input);
      message["sender_chat"] = state.chat;
      return deliver("channel_post", message);
    },
    edit({ chatId, messageId, text }) {
      const { entry } = entryOf(chatId, messageId);
      const field = entry.wire.caption === undefined ? "text" : "caption";
      const message: WireMessage = { ...entry.wire, [field]: text, edit_date: Math.floor(Date.now() / 1000) };
      const entities = autoEntities(text);
      const entityField = field === "text" ? "entities" : "caption_entities";
      if (entities.length > 0) message[entityField] = entities;
      else delete message[entityField];
      Object.assign(entry, { wire: message, text, edits: entry.edits + 1 });
      return deliver(message.chat.type === "channel" ? "edited_channel_post" : "edited_message", message);
    },
    reaction({ chatId, messageId, from, emoji, remove }) {
      const { state } = entryOf(chatId, messageId);
      const change = [{ type: "emoji", emoji }];
      return queue.push({
        message_reaction: {
          chat: state.chat,
          message_id: messageId,
          user: person(from),
          date: Math.floor(Date.now() / 1000),
          old_reaction: remove === true ? change : [],
          new_reaction: remove === true ? [] : change,
        },
      });
    },
    callback({ chatId, messageId, from, data }) {
      const { entry } = entryOf(chatId, messageId);
      return queue.push({
        callback_query: {
          id: `callback-${messageId}-${Date.now()}`,
          from: person(from),
          message: entry.wire,
          chat_instance: String(chatId),
          data,
        },
      });
    },
    migrate({ chatId, newChatId }) {
      const state = world.find(chatId);
      if (state === undefined) throw new ApiFailure(400, `there is no chat ${chatId} to migrate`);
      const extra = { migrate_to_chat_id: newChatId };
      const injected = deliver("message", write(state, person(), { extra }));
      state.migratedTo = newChatId;
      world.chat({ ...state.chat, id: newChatId, type: "supergroup" });
      return injected;
    },
    raw: (body) => queue.push(body),
  };
}
