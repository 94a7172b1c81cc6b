import { badRequest } from "../api-failure.ts";
import type { WireMessage } from "../wire.ts";
import type { ChatMessage, StoredFile } from "../world.ts";
import { composeMessage, postMessage, readText } from "./compose.ts";
import { flagParam, type Method, type MethodContext, objectParam, textParam } from "./context.ts";

/** Kinds of media and the folder the platform serves them from. */
const FOLDERS = {
  photo: "photos",
  document: "documents",
  voice: "voice",
  audio: "music",
  video: "videos",
  animation: "animations",
  sticker: "stickers",
  video_note: "video_notes",
} as const;
export type MediaKind = keyof typeof FOLDERS;
export const folderOf = (kind: MediaKind): string => FOLDERS[kind];

/** The file a media parameter names: `attach://part`, the part itself, or an earlier file_id. */
function readFile(context: MethodContext, kind: MediaKind, reference: unknown): StoredFile {
  const text = typeof reference === "string" ? reference : "";
  const part = context.files[text.startsWith("attach://") ? text.slice("attach://".length) : kind];
  if (part !== undefined) {
    if (part.data.byteLength === 0) throw badRequest("file must be non-empty");
    return context.world.addFile({
      data: part.data,
      mimeType: part.mimeType,
      fileName: part.fileName,
      folder: folderOf(kind),
    });
  }
  if (text === "") throw badRequest(`there is no ${kind} in the request`);
  if (/^https?:/.test(text)) throw badRequest("failed to get HTTP URL content");
  const known = context.world.files.get(text);
  if (known === undefined) throw badRequest("wrong file identifier/HTTP URL specified");
  return known;
}

/** The field of a message that describes a file, e.g. `photo: [{file_id, ...}]`. */
export function mediaField(kind: MediaKind, file: StoredFile): Record<string, unknown> {
  const description = {
    file_id: file.fileId,
    file_unique_id: `u-${file.fileId}`,
    file_size: file.size,
    ...(file.mimeType === undefined ? {} : { mime_type: file.mimeType }),
    ...(file.fileName === undefined ? {} : { file_name: file.fileName }),
  };
  if (kind === "photo") {
    const small = { ...description, file_id: `${file.fileId}-thumb`, width: 90, height: 90, file_size: 100 };
    const large = { file_id: file.fileId, file_unique_id: `u-${file.fileId}`, file_size: file.size };
    return { photo: [small, { ...large, width: 1280, height: 1280 }] };
  }
  if (kind === "sticker")
    return { sticker: { ...description, type: "regular", width: 512, height: 512, emoji: "👋", is_animated: false } };
  if (kind === "document") return { document: description };
  return { [kind]: { ...description, duration: 1 } };
}

function describe(kind: MediaKind, file: StoredFile): NonNullable<ChatMessage["media"]> {
  const media: NonNullable<ChatMessage["media"]> = { kind, fileId: file.fileId, size: file.size };
  if (file.fileName !== undefined) media.fileName = file.fileName;
  if (file.mimeType !== undefined) media.mimeType = file.mimeType;
  return media;
}

export const sendMedia =
  (kind: MediaKind): Method =>
  (context) => {
    const { state, message } = composeMessage(context);
    const caption = readText(context.params, "caption");
    const file = readFile(context, kind, context.params[kind]);
    Object.assign(message, mediaField(kind, file));
    setCaption(message, caption);
    return postMessage(context.world, state, message, {
      media: describe(kind, file),
      silent: flagParam(context.params, "disable_notification"),
    });
  };

export const sendMediaGroup: Method = (context) => {
  const items = objectParam<(Record<string, unknown> & { type: MediaKind })[]>(context.params, "media", []);
  if (items.length < 2 || items.length > 10)
    throw badRequest("there must be between 2 and 10 messages in a media group");
  const albumId = `${Date.now()}${context.world.files.size}`;
  const ready = items.map((item) => {
    const kind = item.type;
    if (FOLDERS[kind] === undefined) throw badRequest("can't parse InputMedia: type must be one of the known types");
    const { state, message } = composeMessage(context);
    const file = readFile(context, kind, item["media"]);
    Object.assign(message, mediaField(kind, file), { media_group_id: albumId });
    setCaption(message, readText(item, "caption"));
    return { state, message, media: describe(kind, file) };
  });
  return ready.map(({ state, message, media }) => postMessage(context.world, state, message, { media, albumId }));
};

function setCaption(message: WireMessage, { text, entities }: ReturnType<typeof readText>): void {
  if (text === "") return;
  message.caption = text;
  if (entities.length > 0) message.caption_entities = entities;
}

/** Largest file the cloud Bot API hands out, bytes (Bot API, getFile). */
export const DOWNLOAD_LIMIT = 20 * 1024 * 1024;

export const getFile: Method = ({ params, world }) => {
  const id = textParam(params, "file_id");
  const file = world.files.get(id);
  if (file === undefined) throw badRequest("wrong file_id or the file is temporarily unavailable");
  if (file.size > DOWNLOAD_LIMIT) throw badRequest("file is too big");
  return { file_id: id, file_unique_id: `u-${id}`, file_size: file.size, file_path: file.path };
};
