import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { InboundMedia, Log } from "@openclaw/core";
import type { Connection } from "@openclaw/plugin-sdk/channel";

export interface FetchedMedia {
  /** Lines for the model: one for each file, kept or not. */
  note: string;
  /** Images small enough to be shown to the model itself. */
  images: { data: string; mimeType: string }[];
}

export interface FetchMediaOptions {
  connection: Connection | undefined;
  media: readonly InboundMedia[];
  /** `<stateDir>/media/inbound` */
  dir: string;
  maxBytes: number;
  log: Log;
}

const FETCH_TIMEOUT_MS = 60_000;
/** Larger images stay files: providers refuse them. */
const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
const endings: Readonly<Record<string, string>> = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "image/gif": ".gif",
  "audio/ogg": ".ogg",
  "audio/mpeg": ".mp3",
  "video/mp4": ".mp4",
  "application/pdf": ".pdf",
};

/** Brings the files of a message to disk (0600, names that nobody else chose) and says where they are. */
export async function fetchInboundMedia({
  connection,
  media,
  dir,
  maxBytes,
  log,
}: FetchMediaOptions): Promise<FetchedMedia> {
  const images: FetchedMedia["images"] = [];
  const lines = await Promise.all(
    media.map(async (item) => {
      if (!connection?.fetchMedia) return describe(item, "not available here");
      try {
        const fetched = await connection.fetchMedia(item, maxBytes, AbortSignal.timeout(FETCH_TIMEOUT_MS));
        const mimeType = fetched.mimeType ?? item.mimeType ?? "application/octet-stream";
        await mkdir(dir, { recursive: true, mode: 0o700 });
        const path = join(dir, fileName(item, mimeType));
        await writeFile(path, fetched.data, { mode: 0o600 });
        if (/^image\/(jpeg|png|webp|gif)$/.test(mimeType) && fetched.data.byteLength <= MAX_IMAGE_BYTES) {
          images.push({ data: Buffer.from(fetched.data).toString("base64"), mimeType });
        }
        return `${path} (${mimeType})`;
      } catch (error) {
        log.warn(`a file could not be fetched: ${String(error)}`);
        return describe(item, error instanceof Error ? error.message : String(error));
      }
    }),
  );
  return { note: note(lines), images };
}

function note(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  if (lines.length === 1) return `[media attached: ${lines[0]}]`;
  return [
    `[media attached: ${lines.length} files]`,
    ...lines.map((line, index) => `[media attached ${index + 1}/${lines.length}: ${line}]`),
  ].join("\n");
}

const describe = (item: InboundMedia, problem: string) =>
  `${item.kind}${item.fileName ? ` ${JSON.stringify(item.fileName)}` : ""}, ${problem}`;

/** `<sanitised original, at most 60>---<uuid>.<ext>`, or `<uuid>.<ext>`: the names the state directory is known to hold. */
function fileName({ fileName: original }: InboundMedia, mimeType: string): string {
  const ending =
    endings[mimeType] ?? (/^\.[a-z0-9]{1,8}$/i.test(extname(original ?? "")) ? extname(original ?? "") : ".bin");
  const stem = (original ?? "")
    .replace(/\.[^.]*$/, "")
    .normalize("NFKC")
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, "_")
    .slice(0, 60);
  return `${stem && stem !== "_" ? `${stem}---` : ""}${randomUUID()}${ending.toLowerCase()}`;
}
