import { createHash } from "node:crypto";
import fs from "node:fs";
import { isObject } from "./plain-object.ts";
import {
  isTranscriptEntry,
  parseTranscriptLine,
  TRANSCRIPT_VERSION,
  type TranscriptHeader,
} from "./transcript-line.ts";
import type { TranscriptEntry } from "./transcript-types.ts";

export interface DroppedLine {
  /** 1-based line of the file as it was. */
  line: number;
  reason: string;
}

export interface TranscriptRepair {
  dropped: DroppedLine[];
  /** Copy of the file as it was, beside it. */
  backup: string;
}

/**
 * Rewrites a damaged or older transcript as a healthy version 3 file: unreadable lines left out, a header put in
 * front, missing and double ids replaced, entries of lost parents joined to the entry before them. The old file stays
 * as `<name>.bak.<time>`; the new one takes its place in one rename, so a kill leaves either.
 */
export function repairTranscript(path: string, header: TranscriptHeader, now: number): TranscriptRepair {
  const bytes = fs.readFileSync(path);
  const dropped: DroppedLine[] = [];
  const out: string[] = [];
  const ids = createIdRepair();
  let newHeader: TranscriptHeader | undefined;
  let line = 0;

  for (const text of splitLines(bytes)) {
    line += 1;
    let parsed = parseTranscriptLine(text);
    // A power cut leaves runs of NULs where blocks were never written; what follows them is often whole.
    if (parsed.kind === "bad" && text.includes("\0")) parsed = parseTranscriptLine(text.replaceAll("\0", ""));
    if (parsed.kind === "blank") continue;
    if (parsed.kind === "bad") {
      dropped.push({ line, reason: parsed.reason });
    } else if (parsed.kind === "header") {
      newHeader ??= { ...header, ...parsed.header, type: "session", version: TRANSCRIPT_VERSION };
      ids.skip();
    } else {
      out.push(JSON.stringify(ids.repair(migrateRole(parsed.entry), `${line}`)));
    }
  }

  const backup = freeName(`${path}.bak.${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}`);
  const next = `${path}.tmp`;
  fs.writeFileSync(next, [JSON.stringify(newHeader ?? header), ...out, ""].join("\n"), { mode: 0o600, flush: true });
  fs.copyFileSync(path, backup, fs.constants.COPYFILE_FICLONE);
  fs.chmodSync(backup, 0o600);
  fs.renameSync(next, path);
  return { dropped, backup };
}

function createIdRepair() {
  /** Every id of the old file to what it is called now. */
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  /** Version 1 names kept entries by their position, header included. */
  const byIndex: (string | undefined)[] = [];
  let previous: string | null = null;

  return {
    skip: () => void byIndex.push(undefined),
    repair(entry: Record<string, unknown> & { type: string }, seed: string): TranscriptEntry {
      const oldId = isTranscriptEntry(entry) ? entry.id : undefined;
      let id = oldId ?? "";
      for (let salt = 0; id === "" || taken.has(id); salt += 1) id = hexId(`${seed}:${salt}`);
      let parentId = entry["parentId"];
      if (typeof parentId === "string") parentId = renamed.get(parentId) ?? previous;
      else if (parentId !== null || oldId === undefined) parentId = previous;

      const { timestamp, firstKeptEntryIndex, ...rest } = entry;
      const repaired: TranscriptEntry = {
        ...rest,
        id,
        parentId: parentId === null || typeof parentId === "string" ? parentId : previous,
        timestamp: typeof timestamp === "string" ? timestamp : new Date(0).toISOString(),
      };
      if (typeof firstKeptEntryIndex === "number") repaired["firstKeptEntryId"] ??= byIndex[firstKeptEntryIndex];
      const kept = repaired["firstKeptEntryId"];
      if (typeof kept === "string") repaired["firstKeptEntryId"] = renamed.get(kept) ?? kept;
      if (oldId !== undefined) renamed.set(oldId, id);
      taken.add(id);
      byIndex.push(id);
      previous = id;
      return repaired;
    },
  };
}

/** Version 2 called the role of hook messages `hookMessage`. */
function migrateRole<T extends Record<string, unknown>>(entry: T): T {
  const message = entry["message"];
  return isObject(message) && message["role"] === "hookMessage"
    ? { ...entry, message: { ...message, role: "custom" } }
    : entry;
}

function* splitLines(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start);
    yield bytes.toString("utf8", start, end < 0 ? bytes.length : end);
    start = end < 0 ? bytes.length : end + 1;
  }
}

const hexId = (seed: string) => createHash("sha1").update(seed).digest("hex").slice(0, 8);

function freeName(name: string): string {
  for (let count = 0; ; count += 1) {
    const candidate = count === 0 ? name : `${name}.${count}`;
    if (!fs.existsSync(candidate)) return candidate;
  }
}
