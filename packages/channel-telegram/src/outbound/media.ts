import { stat } from "node:fs/promises";
import type { Api } from "grammy";
import type { OutboundMedia } from "@openclaw/plugin-sdk";
import { loadGrammy } from "../wire/load-grammy.ts";
import type { ApiSignal } from "../wire/api-signal.ts";
import { refusalOf } from "../wire/channel-error.ts";
import { invalid } from "./caller.ts";
import { PHOTO_LIMIT, UPLOAD_LIMIT } from "./limits.ts";

type Method = "sendPhoto" | "sendAnimation" | "sendAudio" | "sendVoice" | "sendVideo" | "sendDocument";
type Options = Record<string, unknown>;

/** How the platform shows a file: formats a method does not play go as documents, which never change the bytes. */
function methodFor({ kind, mimeType }: OutboundMedia, size: number): Method {
  if (kind === "image" && mimeType === "image/gif") return "sendAnimation";
  if (kind === "image" && size <= PHOTO_LIMIT && /^image\/(jpeg|png|webp)$/.test(mimeType)) return "sendPhoto";
  if (kind === "voice" && /^audio\/(ogg|opus|mpeg|mp3|mp4|m4a|x-m4a)/.test(mimeType)) return "sendVoice";
  if ((kind === "audio" || kind === "voice") && /^audio\/(mpeg|mp3|mp4|m4a|x-m4a|aac)/.test(mimeType))
    return "sendAudio";
  return kind === "video" && mimeType === "video/mp4" ? "sendVideo" : "sendDocument";
}

/** Refusals that concern the way of showing, not the file or the chat. */
const SHOW_AS_FILE =
  /PHOTO_|IMAGE_PROCESS_FAILED|VOICE_MESSAGES_FORBIDDEN|wrong (file|type of the)|can't use file of type/i;

/** The platform's own header rules: names go unquoted into a part header. */
const safeName = (name: string) => name.replaceAll(/[\p{Cc}"\\;/]/gu, "_").slice(0, 200) || "file";

export async function sendMedia(
  api: Api,
  chatId: string,
  media: OutboundMedia,
  options: Options,
  signal: ApiSignal,
): Promise<number> {
  const size = await sizeOf(media);
  const { InputFile } = loadGrammy();
  const call = async (method: Method): Promise<number> => {
    const file = new InputFile(media.path, safeName(media.fileName));
    const send = {
      sendPhoto: () => api.sendPhoto(chatId, file, options, signal),
      sendAnimation: () => api.sendAnimation(chatId, file, options, signal),
      sendAudio: () => api.sendAudio(chatId, file, options, signal),
      sendVoice: () => api.sendVoice(chatId, file, options, signal),
      sendVideo: () => api.sendVideo(chatId, file, options, signal),
      sendDocument: () => api.sendDocument(chatId, file, options, signal),
    }[method];
    return (await send()).message_id;
  };
  const method = methodFor(media, size);
  try {
    return await call(method);
  } catch (error) {
    if (method === "sendDocument" || !SHOW_AS_FILE.test(refusalOf(error)?.description ?? "")) throw error;
    return await call("sendDocument");
  }
}

async function sizeOf({ path, fileName }: OutboundMedia): Promise<number> {
  let size: number;
  try {
    ({ size } = await stat(path));
  } catch {
    throw invalid(`the file ${fileName} is gone`);
  }
  if (size === 0) throw invalid(`the file ${fileName} is empty; Telegram refuses empty files`);
  if (size > UPLOAD_LIMIT) throw invalid(`the file ${fileName} has ${size} bytes, Telegram takes ${UPLOAD_LIMIT}`);
  return size;
}
