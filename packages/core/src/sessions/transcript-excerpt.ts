import fs from "node:fs";
import type { Clock } from "../clock.ts";
import { createBranchWalk } from "./branch-walk.ts";
import { linesBackwards } from "./lines-backwards.ts";
import { openTranscript } from "./transcript.ts";
import { createAppendFile } from "./transcript-file.ts";
import { isTranscriptEntry, parseTranscriptLine } from "./transcript-line.ts";
import type { Transcript, TranscriptEntry } from "./transcript-types.ts";

/**
 * The newest entries of a transcript as a person would read them, oldest first: through compactions, at most `limit` of
 * those that `keep` takes (default: type `message`), reading at most `maxBytes` (default 32 MiB) from the end. Messages
 * that older versions injected beside the branch, without a parent, are among them. A missing file gives none; damaged
 * lines are passed over. Writes nothing.
 */
export function readRecentEntries({
  path,
  limit,
  maxBytes = 32 * 1024 * 1024,
  keep = (entry) => entry.type === "message",
}: {
  path: string;
  limit: number;
  maxBytes?: number;
  keep?: (entry: TranscriptEntry) => boolean;
}): TranscriptEntry[] {
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 || limit <= 0) return [];
  const fd = fs.openSync(path, "r");
  try {
    const walk = createBranchWalk({ throughCompaction: true });
    /** Newest first. */
    const seen: TranscriptEntry[] = [];
    const read = (position: number, length: number) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, position));
    };
    const collect = () => {
      const branch = new Set(walk.found);
      return seen.filter((entry) => (branch.has(entry) || entry.parentId === undefined) && keep(entry));
    };
    for (const { offset, line } of linesBackwards(read, size)) {
      const parsed = parseTranscriptLine(line.toString("utf8"));
      if (parsed.kind === "entry") {
        const entry = withId(parsed.entry, offset);
        seen.push(entry);
        walk.offer(entry);
      }
      if (size - offset > maxBytes || (seen.length % limit === 0 && collect().length >= limit)) break;
    }
    if (collect().length < limit) walk.reattach();
    return collect().slice(0, limit).toReversed();
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Starts a transcript with the branch of another, e.g. for a thread opened under a chat: same entries and ids, the
 * parent's path in the header. The new file is complete before it gets its name.
 */
export function forkTranscript({
  from,
  path,
  sessionId,
  cwd,
  clock,
}: {
  from: Transcript;
  path: string;
  sessionId: string;
  cwd: string;
  clock: Clock;
}): Transcript {
  const [first, ...rest] = from.branch();
  // `branch()` puts the compaction in front of what it keeps; in a file it stands behind.
  const keptFrom = rest.findIndex((entry) => entry.id === first?.["firstKeptEntryId"]);
  const after = first?.type === "compaction" ? rest.findIndex((entry) => entry.parentId === first.id) : -1;
  const kept = keptFrom < 0 ? [] : rest.slice(0, after < 0 ? rest.length : after);
  const ordered = first ? [...kept, first, ...rest.slice(kept.length)] : [];

  const header = {
    type: "session",
    version: 3,
    id: sessionId,
    timestamp: new Date(clock.now()).toISOString(),
    cwd,
    parentSession: from.path,
  };
  const chained = ordered.map((entry, index) => ({ ...entry, parentId: ordered[index - 1]?.id ?? null }));
  const file = createAppendFile(`${path}.tmp`);
  fs.rmSync(`${path}.tmp`, { force: true });
  file.append([header, ...chained].map((line) => `${JSON.stringify(line)}\n`).join(""));
  file.sync();
  file.close();
  fs.renameSync(`${path}.tmp`, path);
  return openTranscript({ path, sessionId, cwd, clock, parentSession: from.path });
}

/** Version 1 entries have no ids; for reading their position is enough. */
function withId(entry: Record<string, unknown> & { type: string }, offset: number): TranscriptEntry {
  if (isTranscriptEntry(entry)) return entry;
  const { timestamp, message: _message, ...rest } = entry;
  return { ...rest, id: `@${offset}`, parentId: undefined, timestamp: typeof timestamp === "string" ? timestamp : "" };
}
