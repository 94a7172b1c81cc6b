import type { StoredMessage, Transcript, TranscriptEntry } from "@openclaw/core/sessions";

/** A transcript that lives as long as the process: for bots without history, and tests. */
export function createMemoryTranscript(sessionId: string = crypto.randomUUID()): Transcript {
  const entries: TranscriptEntry[] = [];
  const append = (entry: { type: string } & Record<string, unknown>): TranscriptEntry => {
    const stored: TranscriptEntry = {
      ...entry,
      id: crypto.randomUUID().slice(0, 8),
      parentId: entries.at(-1)?.id ?? null,
      timestamp: new Date().toISOString(),
    };
    entries.push(stored);
    return stored;
  };
  return {
    sessionId,
    path: "",
    dropped: [],
    branch: () => entries,
    messages: () => entries.flatMap((entry): StoredMessage[] => (entry.message ? [entry.message] : [])),
    append,
    appendMessage: (message) => append({ type: "message", message }),
    sync() {},
    close() {},
  };
}
