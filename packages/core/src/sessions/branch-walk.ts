import type { TranscriptEntry } from "./transcript-types.ts";

export interface BranchWalk {
  /** Entries on the branch found so far, newest first. */
  readonly found: TranscriptEntry[];
  /** Takes the entry that stands before all those offered earlier. */
  offer(entry: TranscriptEntry): void;
  /** Call when nothing more can be read: entries whose parent never came are joined to the entry before them. */
  reattach(): void;
  /** True once the root, or all that the newest compaction keeps, was found. */
  readonly complete: boolean;
}

/**
 * Follows `parentId` from the leaf while a file is read backwards. A parent is always looked for before its child, so
 * duplicate ids and cycles cannot trap it. An entry without `parentId` (as `chat.inject` of older versions wrote)
 * follows the line before it. With `throughCompaction` the walk goes on to the root.
 */
export function createBranchWalk({ throughCompaction = false } = {}): BranchWalk {
  const found: TranscriptEntry[] = [];
  let pending: TranscriptEntry[] = [];
  /** Id of the entry looked for; `undefined`: whichever comes next; `null`: none. */
  let wanted: string | null | undefined;
  let keptFrom: string | undefined;
  let complete = false;

  function offer(entry: TranscriptEntry): void {
    if (complete) return;
    if (wanted !== undefined && entry.id !== wanted) {
      pending.push(entry);
      return;
    }
    pending = [];
    found.push(entry);
    wanted = entry.parentId;
    if (throughCompaction) complete = wanted === null;
    else complete = wanted === null || entry.id === keptFrom || endsAtCompaction(entry);
  }

  function endsAtCompaction(entry: TranscriptEntry): boolean {
    if (keptFrom !== undefined || entry.type !== "compaction") return false;
    const first = entry["firstKeptEntryId"];
    if (typeof first !== "string" || first === entry.id) return true;
    keptFrom = first;
    return false;
  }

  return {
    found,
    offer,
    reattach() {
      while (!complete && pending.length > 0) {
        const again = pending;
        pending = [];
        wanted = undefined;
        for (const entry of again) offer(entry);
      }
    },
    get complete() {
      return complete;
    },
  };
}

/**
 * Orders a walk's entries as the model meets them: the newest compaction, what it keeps, then the rest. `cut` says that
 * older entries exist but were not read; the branch then starts at a user message.
 */
export function arrangeBranch(newestFirst: readonly TranscriptEntry[], cut: boolean): TranscriptEntry[] {
  const at = newestFirst.findIndex((entry) => entry.type === "compaction");
  if (at < 0) {
    const branch = newestFirst.toReversed();
    return cut ? fromFirstUserMessage(branch) : branch;
  }
  const compaction = newestFirst.slice(at, at + 1);
  const after = newestFirst.slice(0, at).toReversed();
  const before = newestFirst.slice(at + 1);
  const keptFrom = before.findIndex((entry) => entry.id === compaction[0]?.["firstKeptEntryId"]);
  if (keptFrom < 0 && !cut) return [...compaction, ...after];
  const kept = before.slice(0, keptFrom < 0 ? before.length : keptFrom + 1).toReversed();
  return [...compaction, ...(keptFrom < 0 ? fromFirstUserMessage(kept) : kept), ...after];
}

function fromFirstUserMessage(entries: TranscriptEntry[]): TranscriptEntry[] {
  const first = entries.findIndex((entry) => entry.message?.role === "user");
  return first < 0 ? entries : entries.slice(first);
}
