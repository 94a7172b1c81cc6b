import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, realpath, stat, writeFile } from "node:fs/promises";
import { basename, extname, isAbsolute, join, relative, resolve } from "node:path";
import type { Workplace } from "@openclaw/agent";
import { OpenClawError, type OutboundMedia } from "@openclaw/core";

export interface OutboundMediaOptions {
  /** http(s) URL or path, as the model wrote it. */
  source: string;
  /** Files may be sent from here. */
  workplace: Workplace;
  /** `<stateDir>/media`: fetched files are kept here, and may be sent from here by sessions that are not sandboxed. */
  mediaDir: string;
  maxBytes: number;
  /** Audio is meant as a voice note. */
  voice: boolean;
}

const types: Readonly<Record<string, string>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".mp3": "audio/mpeg",
  ".m4a": "audio/mp4",
  ".ogg": "audio/ogg",
  ".opus": "audio/ogg",
  ".wav": "audio/wav",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
  ".pdf": "application/pdf",
  ".txt": "text/plain",
  ".md": "text/markdown",
  ".json": "application/json",
  ".csv": "text/csv",
};

/**
 * The file behind a `MEDIA:` line, ready to be sent. URLs come through the egress guard; paths must lie, links resolved,
 * in the workspace or among the gateway's own media. Throws `MEDIA_REFUSED` or what fetching throws.
 */
export async function resolveOutboundMedia(options: OutboundMediaOptions): Promise<OutboundMedia> {
  const { source } = options;
  const found = /^https?:\/\//i.test(source) ? await fetchRemote(options) : await localFile(options);
  return { ...found, kind: kindOf(found.mimeType, options.voice) };
}

async function localFile({
  source,
  workplace: { dir, inside },
  mediaDir,
  maxBytes,
}: OutboundMediaOptions): Promise<Omit<OutboundMedia, "kind">> {
  const wanted = resolve(dir, inside === undefined ? source : relative(inside, resolve(inside, source)));
  const path = await realpath(wanted).catch(() => undefined);
  const roots = await Promise.all(
    (inside === undefined ? [dir, mediaDir] : [dir]).map((root) => realpath(root).catch(() => root)),
  );
  if (!path || !roots.some((root) => isInside(root, path))) {
    throw refused(source, path ? "it lies outside the workspace" : "it does not exist");
  }
  const { size } = await stat(path);
  if (size > maxBytes) throw refused(source, `it has ${size} bytes, more than ${maxBytes}`);
  if (inside !== undefined) {
    const copy = await keepCopy(path, mediaDir, roots);
    if (!copy) throw refused(source, "it changed while it was read");
    return {
      path: copy,
      fileName: basename(path),
      mimeType: types[extname(path).toLowerCase()] ?? "application/octet-stream",
    };
  }
  return { path, fileName: basename(path), mimeType: types[extname(path).toLowerCase()] ?? "application/octet-stream" };
}

/**
 * A sandboxed command can swap a file for a link at any time, also between our look and the sending: what is sent is a
 * copy of what was opened, and that must lie where the file did. Undefined when it does not.
 */
async function keepCopy(path: string, mediaDir: string, roots: readonly string[]): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const opened = process.platform === "linux" ? await realpath(`/proc/self/fd/${file.fd}`) : await realpath(path);
    if (!(await file.stat()).isFile() || !roots.some((root) => isInside(root, opened))) return undefined;
    return await writeOutbound(mediaDir, extname(path), await file.readFile());
  } finally {
    await file.close();
  }
}

async function writeOutbound(mediaDir: string, extension: string, body: Uint8Array): Promise<string> {
  const dir = join(mediaDir, "outbound");
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, `${randomUUID()}${extension}`);
  await writeFile(path, body, { mode: 0o600 });
  return path;
}

async function fetchRemote({ source, mediaDir, maxBytes }: OutboundMediaOptions): Promise<Omit<OutboundMedia, "kind">> {
  const { createEgress } = await import("@openclaw/agent/egress");
  const { status, headers, body, url } = await createEgress().request(source, { maxBytes });
  if (status >= 400) throw refused(source, `the server answered ${status}`);
  const name = basename(new URL(url).pathname).replaceAll(/[^\w.-]+/g, "_") || "file";
  const mimeType =
    headers["content-type"]?.split(";")[0]?.trim() || types[extname(name).toLowerCase()] || "application/octet-stream";
  return { path: await writeOutbound(mediaDir, extname(name), body), fileName: name, mimeType };
}

function kindOf(mimeType: string, voice: boolean): OutboundMedia["kind"] {
  const [family] = mimeType.split("/");
  if (family === "audio") return voice ? "voice" : "audio";
  if (mimeType === "image/svg+xml") return "document";
  return family === "image" || family === "video" ? family : "document";
}

const isInside = (root: string, path: string) => {
  const way = relative(root, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
};

const refused = (source: string, why: string) =>
  new OpenClawError({
    code: "MEDIA_REFUSED",
    message: `The file ${JSON.stringify(source.slice(0, 200))} was not sent: ${why}.`,
    hint: "Put it into the workspace, or give an http(s) address.",
  });
