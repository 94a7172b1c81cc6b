import {
  answerCallbackQuery,
  createForumTopic,
  deleteMyCommands,
  getChat,
  getChatMember,
  getMe,
  getMyCommands,
  setMyCommands,
} from "./chats.ts";
import type { Method } from "./context.ts";
import { getFile, sendMedia, sendMediaGroup } from "./media.ts";
import {
  deleteMessage,
  editMessageCaption,
  editMessageText,
  pinChatMessage,
  sendChatAction,
  sendMessage,
  sendMessageDraft,
  sendPoll,
  setMessageReaction,
} from "./messages.ts";
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from "./updates.ts";

/** Every method the emulator knows, by its lower-cased name: the platform matches names without case. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries<Method>({
    getMe,
    getUpdates,
    setWebhook,
    deleteWebhook,
    getWebhookInfo,
    sendMessage,
    sendPhoto: sendMedia("photo"),
    sendDocument: sendMedia("document"),
    sendVoice: sendMedia("voice"),
    sendAudio: sendMedia("audio"),
    sendVideo: sendMedia("video"),
    sendAnimation: sendMedia("animation"),
    sendSticker: sendMedia("sticker"),
    sendVideoNote: sendMedia("video_note"),
    sendMediaGroup,
    getFile,
    editMessageText,
    editMessageCaption,
    deleteMessage,
    setMessageReaction,
    sendChatAction,
    sendMessageDraft,
    sendPoll,
    pinChatMessage,
    setMyCommands,
    getMyCommands,
    deleteMyCommands,
    answerCallbackQuery,
    createForumTopic,
    getChat,
    getChatMember,
  }).map(([name, method]) => [name.toLowerCase(), method]),
);
