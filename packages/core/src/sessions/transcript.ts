import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import { arrangeBranch, createBranchWalk } from "./branch-walk.ts";
import { contextMessages } from "./context-messages.ts";
import { linesBackwards } from "./lines-backwards.ts";
import { type DroppedLine, repairTranscript } from "./repair-transcript.ts";
import { createAppendFile } from "./transcript-file.ts";
import {
  isTranscriptEntry,
  parseTranscriptLine,
  TRANSCRIPT_VERSION,
  type TranscriptHeader,
} from "./transcript-line.ts";
import type { StoredMessage, Transcript, TranscriptEntry } from "./transcript-types.ts";

export interface TranscriptOptions {
  /** Absolute path of the JSONL file. It need not exist. */
  path: string;
  sessionId: string;
  /** The agent's workspace, for the header of a new file. */
  cwd: string;
  clock: Clock;
  /** Makes entry ids, 8 hex digits. */
  newId?: () => string;
  /** Path of the transcript this one continues, for the header of a new file. */
  parentSession?: string;
  /**
   * Without a compaction to stop at, reading back ends after this many bytes; what is older stays on disk and out of
   * the model's sight. Default 8 MiB, several times what the largest context window holds.
   */
  windowBytes?: number;
}

const HEADER_BLOCK = 64 * 1024;
const WINDOW_BYTES = 8 * 1024 * 1024;

/**
 * Opens a session's transcript. Costs the same for any size: only the end of the file is read, and the rest of the
 * branch on the first `branch()` or `messages()`, back to the newest compaction. Damage met on the way is repaired by
 * a rewrite that keeps the old file (see `repairTranscript`). Throws file system errors of reading;
 * `TRANSCRIPT_WRITE_FAILED` from the appends.
 */
export function openTranscript(options: TranscriptOptions): Transcript {
  const { path, sessionId, cwd, clock, windowBytes = WINDOW_BYTES } = options;
  const newId = options.newId ?? (() => randomBytes(4).toString("hex"));
  const file = createAppendFile(path);
  const dropped: DroppedLine[] = [];
  /** Bytes that we know; anything else means that the file changed under us. Undefined: not looked at yet. */
  let known: number | undefined;
  let leafId: string | null = null;
  let branch: TranscriptEntry[] | undefined;
  const recentIds = new Set<string>();

  const header = (): TranscriptHeader => ({
    type: "session",
    version: TRANSCRIPT_VERSION,
    id: sessionId,
    timestamp: new Date(clock.now()).toISOString(),
    cwd,
    ...(options.parentSession === undefined ? {} : { parentSession: options.parentSession }),
  });

  /** Finds the leaf and makes sure that the next append starts on a line of its own. */
  function look(): void {
    if (known !== undefined && file.size() === known) return;
    branch = undefined;
    leafId = null;
    known = file.size();
    if (known === 0) return;
    if (!headerIsCurrent() || !findLeaf()) {
      repair();
      findLeaf();
    }
    if (file.read(known - 1, 1)[0] !== 10) {
      file.append("\n");
      known += 1;
    }
  }

  function headerIsCurrent(): boolean {
    const head = file.read(0, Math.min(HEADER_BLOCK, known ?? 0));
    const end = head.indexOf(10);
    const line = parseTranscriptLine(head.toString("utf8", 0, end < 0 ? head.length : end));
    return line.kind === "header" && line.version >= TRANSCRIPT_VERSION;
  }

  function findLeaf(): boolean {
    for (const { line } of linesBackwards(file.read, known ?? 0)) {
      const parsed = parseTranscriptLine(line.toString("utf8"));
      if (parsed.kind === "bad") return false;
      if (parsed.kind !== "entry") continue;
      if (!isTranscriptEntry(parsed.entry)) return false;
      leafId = parsed.entry.id;
      return true;
    }
    return true;
  }

  function repair(): void {
    file.close();
    dropped.push(...repairTranscript(path, header(), clock.now()).dropped);
    known = file.size();
    branch = undefined;
  }

  function load(): TranscriptEntry[] {
    look();
    branch ??= readBranch() ?? (repair(), findLeaf(), readBranch()) ?? [];
    return branch;
  }

  /** Undefined when a damaged line was met. */
  function readBranch(): TranscriptEntry[] | undefined {
    const walk = createBranchWalk();
    const end = known ?? 0;
    let cut = false;
    for (const { offset, line } of linesBackwards(file.read, end)) {
      const parsed = parseTranscriptLine(line.toString("utf8"));
      if (parsed.kind === "bad") return undefined;
      if (parsed.kind !== "entry") continue;
      if (!isTranscriptEntry(parsed.entry)) return undefined;
      walk.offer(parsed.entry);
      if (walk.complete) break;
      cut = end - offset > windowBytes;
      if (cut) break;
    }
    walk.reattach();
    recentIds.clear();
    for (const entry of walk.found) recentIds.add(entry.id);
    return arrangeBranch(walk.found, cut && !walk.complete);
  }

  function append({ type, ...fields }: { type: string } & Record<string, unknown>): TranscriptEntry {
    look();
    let id = newId();
    while (recentIds.has(id)) id = newId();
    const { id: _id, parentId: _parentId, timestamp: _timestamp, ...rest } = fields;
    const entry: TranscriptEntry = {
      type,
      id,
      parentId: leafId,
      timestamp: new Date(clock.now()).toISOString(),
      ...rest,
    };
    const line = `${JSON.stringify(entry)}\n`;
    const text = known === 0 ? `${JSON.stringify(header())}\n${line}` : line;
    file.append(text);
    known = (known ?? 0) + Buffer.byteLength(text);
    leafId = id;
    recentIds.add(id);
    // A compaction changes what the branch starts with; it is read anew when somebody asks.
    if (type === "compaction") branch = undefined;
    else branch?.push(entry);
    return entry;
  }

  look();
  return {
    sessionId,
    path,
    get dropped() {
      return dropped;
    },
    branch: load,
    messages: () => contextMessages(load()),
    append,
    appendMessage: (message: StoredMessage) =>
      append({ type: "message", message: { ...message, timestamp: message.timestamp ?? clock.now() } }),
    sync: file.sync,
    close() {
      file.close();
      known = undefined;
      branch = undefined;
      recentIds.clear();
    },
  };
}
