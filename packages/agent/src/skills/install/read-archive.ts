import { gunzipSync } from "node:zlib";
import { badArchive, maxUnpackedBytes } from "./archive-entry.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";

/** A plain file of an archive. Links, devices and the like are refused, directories follow from the paths. */
export interface ArchiveFile {
  /** Relative, with `/`; leads nowhere but downwards. */
  path: string;
  content: Uint8Array;
  executable: boolean;
}

const maxEntries = 20_000;

/** The files of an archive in memory. Throws `SKILL_DOWNLOAD_REFUSED` for anything that could land elsewhere. */
export function readArchive(bytes: Uint8Array, kind: "tar.gz" | "tar" | "zip", stripComponents = 0): ArchiveFile[] {
  const entries = kind === "zip" ? readZip(bytes) : readTar(kind === "tar" ? bytes : unzipped(bytes));
  const files: ArchiveFile[] = [];
  const seen = new Set<string>();
  let count = 0;
  for (const { name, kind: type, content, executable } of entries) {
    if (++count > maxEntries) throw badArchive(`it has more than ${maxEntries} entries`);
    if (type === "other") throw badArchive(`"${shown(name)}" is a link or a device`);
    const path = safePath(name, stripComponents);
    if (type !== "file" || path === undefined) continue;
    if (seen.has(path.toLowerCase())) throw badArchive(`"${shown(name)}" is in it twice`);
    seen.add(path.toLowerCase());
    files.push({ path, content, executable });
  }
  return files;
}

/** Undefined when stripping leaves nothing. */
function safePath(name: string, stripComponents: number): string | undefined {
  const parts = name
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  const absolute = /^(?:[/\\]|[a-z]:)/i.test(name);
  if (absolute || name.includes("\0") || parts.some((part) => part === ".." || part.includes(":")))
    throw badArchive(`"${shown(name)}" leads out of it`);
  return parts.slice(stripComponents).join("/") || undefined;
}

function unzipped(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes });
  } catch (cause) {
    throw badArchive("it is damaged or too large to unpack", cause);
  }
}

/** Names of a hostile archive end up in a terminal. */
function shown(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}]/gu, "?").slice(0, 120);
}
