import type { Message } from "grammy/types";
import type { InboundMedia } from "@openclaw/plugin-sdk";

interface WireFile {
  file_id: string;
  file_size?: number;
  mime_type?: string;
  file_name?: string;
}

function describe(kind: InboundMedia["kind"], file: WireFile, mimeType?: string): InboundMedia {
  const media: InboundMedia = { kind, ref: file.file_id };
  const type = file.mime_type ?? mimeType;
  if (type !== undefined) media.mimeType = type;
  if (file.file_name !== undefined) media.fileName = file.file_name;
  if (file.file_size !== undefined) media.size = file.file_size;
  return media;
}

/** The file of a message; `ref` is the platform's file id, valid for this bot only. */
export function readMedia(message: Message): InboundMedia[] {
  const { photo, voice, audio, video, animation, sticker, document } = message;
  const largest = photo?.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
  if (largest !== undefined) return [describe("image", largest, "image/jpeg")];
  if (voice !== undefined) return [describe("voice", voice, "audio/ogg")];
  if (audio !== undefined) return [describe("audio", audio, "audio/mpeg")];
  if (video !== undefined) return [describe("video", video, "video/mp4")];
  if (message.video_note !== undefined) return [describe("video", message.video_note, "video/mp4")];
  // An animation also comes as `document`: it is one file.
  if (animation !== undefined) return [describe("video", animation, "video/mp4")];
  if (sticker !== undefined) {
    const type = sticker.is_animated ? "application/x-tgsticker" : sticker.is_video ? "video/webm" : "image/webp";
    return [describe("sticker", sticker, type)];
  }
  if (document === undefined) return [];
  return [describe(document.mime_type?.startsWith("image/") === true ? "image" : "document", document)];
}
