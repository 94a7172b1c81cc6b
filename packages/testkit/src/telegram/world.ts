import { ApiFailure, badRequest } from "./api-failure.ts";
import type { WireChat, WireMessage, WireUser } from "./wire.ts";

/** A message as the people in the chat see it, plus what became of it. */
export interface ChatMessage {
  messageId: number;
  fromBot: boolean;
  from?: WireUser;
  /** Text or caption after entities were read. */
  text: string;
  threadId?: number;
  replyTo?: number;
  media?: { kind: string; fileId: string; fileName?: string; mimeType?: string; size: number };
  albumId?: string;
  silent: boolean;
  deleted: boolean;
  edits: number;
  /** Emoji the bot set on it. */
  botReactions: string[];
  wire: WireMessage;
}

export interface StoredFile {
  fileId: string;
  path: string;
  data: Uint8Array;
  /** What the platform says the size is; larger than the data to play a huge file. */
  size: number;
  mimeType?: string;
  fileName?: string;
}

export interface ChatState {
  chat: WireChat;
  messages: Map<number, ChatMessage>;
  topics: Map<number, string>;
  /** Why the bot may not write here, in the platform's words. */
  forbidden?: string;
  migratedTo?: number;
  draft?: { draftId: number; text: string; threadId?: number };
  actions: string[];
  pinned?: number;
}

/** Everything that exists on the emulated platform. */
export interface World {
  readonly bot: WireUser;
  readonly files: Map<string, StoredFile>;
  readonly commands: Map<string, { command: string; description: string }[]>;
  chats(): ChatState[];
  find(chatId: number): ChatState | undefined;
  /** Makes or updates a chat. */
  chat(chat: WireChat): ChatState;
  /** The chat a call names, or the refusal the platform gives. */
  resolve(chatId: unknown): ChatState;
  nextMessageId(chatId: number): number;
  addFile(file: { data: Uint8Array; size?: number; mimeType?: string; fileName?: string; folder: string }): StoredFile;
  /** Records a message that now stands in the chat. */
  post(state: ChatState, message: WireMessage, extra?: Partial<ChatMessage>): ChatMessage;
}

export function createWorld(bot: WireUser): World {
  const chats = new Map<number, ChatState>();
  const files = new Map<string, StoredFile>();
  const lastMessageId = new Map<number, number>();

  return {
    bot,
    files,
    commands: new Map(),
    chats: () => [...chats.values()],
    find: (chatId) => chats.get(chatId),
    chat(chat) {
      const known = chats.get(chat.id);
      if (known !== undefined) {
        Object.assign(known.chat, chat);
        return known;
      }
      const state: ChatState = { chat, messages: new Map(), topics: new Map(), actions: [] };
      chats.set(chat.id, state);
      return state;
    },
    resolve(chatId) {
      if (chatId === undefined || chatId === "") throw badRequest("chat_id is empty");
      const name = typeof chatId === "string" && chatId.startsWith("@") ? chatId.slice(1).toLowerCase() : undefined;
      const state =
        name === undefined
          ? chats.get(Number(chatId))
          : [...chats.values()].find(({ chat }) => chat.type !== "private" && chat.username?.toLowerCase() === name);
      if (state === undefined) throw badRequest("chat not found");
      if (state.migratedTo !== undefined)
        throw new ApiFailure(400, "Bad Request: group chat was upgraded to a supergroup chat", {
          migrate_to_chat_id: state.migratedTo,
        });
      if (state.forbidden !== undefined) throw new ApiFailure(403, `Forbidden: ${state.forbidden}`);
      return state;
    },
    nextMessageId(chatId) {
      const id = (lastMessageId.get(chatId) ?? 0) + 1;
      lastMessageId.set(chatId, id);
      return id;
    },
    addFile({ data, size, mimeType, fileName, folder }) {
      const number = files.size + 1;
      const extension = fileName?.includes(".") === true ? fileName.slice(fileName.lastIndexOf(".")) : "";
      const file: StoredFile = {
        fileId: `emulated-file-${number}`,
        path: `${folder}/file_${number}${extension.replaceAll(/[^.\w]/g, "")}`,
        data,
        size: size ?? data.byteLength,
      };
      if (mimeType !== undefined) file.mimeType = mimeType;
      if (fileName !== undefined) file.fileName = fileName;
      files.set(file.fileId, file);
      return file;
    },
    post(state, message, extra) {
      lastMessageId.set(state.chat.id, Math.max(lastMessageId.get(state.chat.id) ?? 0, message.message_id));
      const entry: ChatMessage = {
        messageId: message.message_id,
        fromBot: message.from?.id === bot.id,
        text: message.text ?? message.caption ?? "",
        silent: false,
        deleted: false,
        edits: 0,
        botReactions: [],
        wire: message,
        ...extra,
      };
      if (message.from !== undefined) entry.from = message.from;
      if (message.message_thread_id !== undefined) entry.threadId = message.message_thread_id;
      if (message.reply_to_message !== undefined) entry.replyTo = message.reply_to_message.message_id;
      state.messages.set(message.message_id, entry);
      return entry;
    },
  };
}
