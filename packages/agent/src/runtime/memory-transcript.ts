import { contextMessages, type Transcript, type TranscriptEntry } from "@openclaw/core/sessions";

/** A transcript that lives as long as the process: for bots without history, and tests. */
export function createMemoryTranscript(sessionId: string = crypto.randomUUID()): Transcript {
  let entries: TranscriptEntry[] = [];
  let last: string | null = null;
  const append = (entry: { type: string } & Record<string, unknown>): TranscriptEntry => {
    const stored: TranscriptEntry = {
      ...entry,
      id: crypto.randomUUID().slice(0, 8),
      parentId: last,
      timestamp: new Date().toISOString(),
    };
    last = stored.id;
    // What a compaction leaves behind is gone; there is no file to keep it in.
    if (stored.type === "compaction") entries = [stored, ...keptBy(stored, entries)];
    else entries.push(stored);
    return stored;
  };
  return {
    sessionId,
    path: "",
    dropped: [],
    branch: () => entries,
    messages: () => contextMessages(entries),
    append,
    appendMessage: (message) => append({ type: "message", message }),
    sync() {},
    close() {},
  };
}

function keptBy(compaction: TranscriptEntry, entries: readonly TranscriptEntry[]): TranscriptEntry[] {
  const first = entries.findIndex(({ id }) => id === compaction["firstKeptEntryId"]);
  return first < 0 ? [] : entries.slice(first).filter(({ type }) => type !== "compaction");
}
