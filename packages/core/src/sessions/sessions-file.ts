import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { isObject } from "./plain-object.ts";
import type { SessionEntry } from "./session-entry.ts";

export interface SessionsFile {
  entries: Map<string, SessionEntry>;
  /** Sentences for logs and `doctor`: what could not be read and where the old file is. */
  problems: string[];
  /** Identity of the bytes: modification time, size and hash. Undefined: there is no file. */
  stamp?: string;
}

/** Reads `sessions.json`. Never throws for what is in it: an unreadable file is set aside and counts as empty. */
export function readSessionsFile(path: string, now: number): SessionsFile {
  let text: string;
  try {
    text = fs.readFileSync(path, "utf8");
  } catch (cause) {
    const code = isObject(cause) ? cause["code"] : undefined;
    if (code === "ENOENT") return { entries: new Map(), problems: [] };
    if (code === "EISDIR" || code === "EACCES") return { entries: new Map(), problems: [setAside(path, code, now)] };
    throw cause;
  }
  const stamp = `${quickStamp(path)}:${createHash("sha1").update(text).digest("hex")}`;
  const entries = new Map<string, SessionEntry>();
  const lost: string[] = [];
  const parsed = parseLoosely(text);
  if (isObject(parsed)) {
    for (const [key, value] of Object.entries(parsed)) {
      const entry = isObject(value) ? migrateEntry(value) : undefined;
      if (entry) entries.set(key, entry);
      else lost.push(`entry ${JSON.stringify(key.slice(0, 80))} of ${path} has no sessionId`);
    }
  } else {
    lost.push(`${path} is not a JSON object`);
  }
  if (lost.length === 0) return { entries, problems: [], stamp };

  const backup = backupName(path, now);
  fs.copyFileSync(path, backup);
  fs.chmodSync(backup, 0o600);
  return { entries, problems: lost.map((what) => `${what}; it was left out, the file as it was is ${backup}`), stamp };
}

/** A file that nobody can read, or a directory in its place: out of the way, for it would be lost when we write ours. */
function setAside(path: string, code: string, now: number): string {
  const backup = backupName(path, now);
  try {
    fs.renameSync(path, backup);
    return `${path} cannot be read (${code}); it was left out and is ${backup} now`;
  } catch {
    return `${path} cannot be read (${code}) nor moved away; fix its owner and permissions`;
  }
}

const backupName = (path: string, now: number) => `${path}.bak.${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}`;

/** What is written before others get a turn, in characters. */
const SLICE = 256 * 1024;

/**
 * Replaces the file in one rename; readers see the old text or the new. Written in slices, so that a large store holds
 * nobody up. Resolves to the new stamp.
 */
export async function writeSessionsFile(path: string, parts: Iterable<string>): Promise<string> {
  await fs.promises.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.tmp`;
  const hash = createHash("sha1");
  const handle = await fs.promises.open(next, "w", 0o600);
  try {
    await handle.chmod(0o600);
    for (const slice of slices(parts)) {
      const bytes = Buffer.from(slice);
      hash.update(bytes);
      await handle.writeFile(bytes);
    }
  } finally {
    await handle.close();
  }
  await fs.promises.rename(next, path);
  return `${quickStamp(path)}:${hash.digest("hex")}`;
}

function* slices(parts: Iterable<string>): Generator<string> {
  let slice = "";
  for (const part of parts) {
    slice += part;
    if (slice.length < SLICE) continue;
    yield slice;
    slice = "";
  }
  yield slice;
}

/** Modification time and size, as they begin a stamp. Tells without reading whether somebody else wrote. */
export function quickStamp(path: string): string | undefined {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.mtimeMs}:${stat.size}`;
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      // Hand-edited files may be JSON5. Loaded only then.
      const json5: unknown = createRequire(import.meta.url)("json5");
      return isObject(json5) && typeof json5["parse"] === "function" ? json5["parse"](text) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Names of fields before the channel vocabulary settled. */
const renamed = { provider: "channel", lastProvider: "lastChannel", room: "groupChannel" } as const;

function migrateEntry(value: Record<string, unknown>): SessionEntry | undefined {
  const { sessionId, updatedAt, ...rest } = value;
  if (typeof sessionId !== "string" || sessionId === "") return undefined;
  for (const [old, name] of Object.entries(renamed)) {
    if (!(old in rest)) continue;
    rest[name] ??= rest[old];
    delete rest[old];
  }
  return { sessionId, updatedAt: typeof updatedAt === "number" && Number.isFinite(updatedAt) ? updatedAt : 0, ...rest };
}
