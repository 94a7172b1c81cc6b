import type { Api } from "grammy";
import type { Connection, Outbound, SentRef } from "@openclaw/plugin-sdk";
import type { SentMemory } from "../state/sent-memory.ts";
import type { ApiSignal } from "../wire/api-signal.ts";
import { refusalOf } from "../wire/channel-error.ts";
import { type Caller, invalid } from "./caller.ts";
import { type Destination, threadParams } from "./destination.ts";
import type { Formatted, SendFormatted } from "./formatted.ts";
import { CAPTION_LIMIT, TEXT_LIMIT } from "./limits.ts";
import { sendMedia } from "./media.ts";
import { REACTIONS } from "./reactions.ts";

/** A 50 MB upload on a slow line, ms. */
const MEDIA_TIMEOUT_MS = 300_000;

export interface SenderOptions {
  api: Api;
  call: Caller;
  sent: SentMemory;
  sendFormatted: SendFormatted;
  linkPreview: boolean;
  /** Topics in private chats are switched on for this bot: drafts need them. */
  privateTopics: boolean;
}

export type Sender = Required<Pick<Connection, "send" | "edit" | "remove" | "react" | "typing" | "draft">>;

export function createSender(deps: SenderOptions): Sender {
  const { api, call, sent, sendFormatted, linkPreview, privateTopics } = deps;
  const preview = linkPreview ? {} : { link_preview_options: { is_disabled: true } };

  function send(target: string, message: Outbound, signal: AbortSignal): Promise<SentRef> {
    const timeoutMs = message.media === undefined ? undefined : MEDIA_TIMEOUT_MS;
    return call({
      doing: `sending to ${target}`,
      target,
      signal,
      timeoutMs,
      async run(to, own) {
        const messageId = await post(to, message, own);
        sent.add(to.chatId, messageId, to.threadId);
        return { messageId: String(messageId) };
      },
    });
  }

  async function post(to: Destination, { text = "", media, replyTo, silent }: Outbound, signal: ApiSignal) {
    const options = {
      ...threadParams(to),
      ...(replyTo !== undefined && /^\d+$/.test(replyTo)
        ? { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } }
        : {}),
      ...(silent === true ? { disable_notification: true } : {}),
    };
    if (media === undefined)
      return await sendFormatted(text, TEXT_LIMIT, async ({ text: body, ...mode }) => {
        return (await api.sendMessage(to.chatId, body, { ...options, ...preview, ...mode }, signal)).message_id;
      });
    const withCaption = ({ text: caption, ...mode }: Formatted) =>
      sendMedia(api, to.chatId, media, { ...options, caption, ...mode }, signal);
    return text === ""
      ? await sendMedia(api, to.chatId, media, options, signal)
      : await sendFormatted(text, CAPTION_LIMIT, withCaption);
  }

  return {
    send,
    edit: (target, messageId, text, signal) =>
      call({
        doing: `editing ${messageId} in ${target}`,
        target,
        signal,
        run: (to, own) => editText(to.chatId, Number(messageId), text, own),
      }),
    remove: (target, messageId, signal) =>
      call({
        doing: `deleting ${messageId} in ${target}`,
        target,
        signal,
        async run(to, own) {
          await forgive(api.deleteMessage(to.chatId, Number(messageId), own), /message to delete not found/);
        },
      }),
    react: (target, messageId, emoji, signal) =>
      call({
        doing: `reacting to ${messageId} in ${target}`,
        target,
        signal,
        async run(to, own) {
          // The platform's list holds emoji without the variation selector that keyboards add.
          const plain = emoji.replaceAll("\u{fe0f}", "");
          const reaction = REACTIONS.find((known) => known === plain);
          if (plain !== "" && reaction === undefined) throw invalid(`Telegram has no reaction ${emoji}`);
          const wanted = reaction === undefined ? [] : [{ type: "emoji" as const, emoji: reaction }];
          await api.setMessageReaction(to.chatId, Number(messageId), wanted, {}, own);
        },
      }),
    typing: (target, signal) =>
      call({
        doing: `typing in ${target}`,
        target,
        signal,
        async run(to, own) {
          await api.sendChatAction(to.chatId, "typing", threadParams(to, "typing"), own);
        },
      }),
    draft: (target, draftId, text, signal) =>
      call({
        doing: `drafting in ${target}`,
        target,
        signal,
        async run(to, own) {
          if (!to.isPrivate || to.threadId === undefined || !privateTopics)
            throw invalid("Telegram shows drafts only in topics of private chats");
          const thread = threadParams(to);
          await sendFormatted(text.slice(0, TEXT_LIMIT), TEXT_LIMIT, ({ text: body, ...mode }) =>
            api.sendMessageDraft(Number(to.chatId), draftId, body, { ...thread, ...mode }, own),
          );
        },
      }),
  };

  async function editText(chatId: string, messageId: number, text: string, signal: ApiSignal): Promise<void> {
    const asText = sendFormatted(text, TEXT_LIMIT, ({ text: body, ...mode }) =>
      api.editMessageText(chatId, messageId, body, { ...preview, ...mode }, signal),
    );
    try {
      await forgive(asText, /message is not modified/);
    } catch (error) {
      if (!/no text in the message/.test(refusalOf(error)?.description ?? "")) throw error;
      const asCaption = sendFormatted(text, CAPTION_LIMIT, ({ text: caption, ...mode }) =>
        api.editMessageCaption(chatId, messageId, { caption, ...mode }, signal),
      );
      await forgive(asCaption, /message is not modified/);
    }
  }
}

/** Waits for a call whose refusal with this description means that it is already as wanted. */
async function forgive(call: Promise<unknown>, description: RegExp): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!description.test(refusalOf(error)?.description ?? "")) throw error;
  }
}
