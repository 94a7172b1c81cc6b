/** A message as pi writes it; roles `user`, `assistant`, `toolResult`, and the custom ones of the format. */
export interface StoredMessage {
  role: string;
  content?: unknown;
  timestamp?: number;
  [field: string]: unknown;
}

/** One line of a transcript after its header. Unknown types and fields are kept. */
export interface TranscriptEntry {
  type: string;
  /** 8 hex digits, unique in the file. */
  id: string;
  parentId?: string | null;
  /** ISO 8601. */
  timestamp: string;
  message?: StoredMessage;
  [field: string]: unknown;
}

/**
 * One session's JSONL file (version 3 header). One writer; appends are on the file when the call returns, and survive a
 * kill of the process at that instant.
 */
export interface Transcript {
  readonly sessionId: string;
  readonly path: string;
  /** Lines that could not be read and were left out, with their backup file. Empty for a healthy file. */
  readonly dropped: readonly { line: number; reason: string }[];
  /** Entries from the root to the leaf, after the newest compaction. The compaction entry itself comes first. */
  branch(): readonly TranscriptEntry[];
  /** Messages the model sees: compaction summary first, custom entries left out, tool calls and results paired. */
  messages(): StoredMessage[];
  /** Appends at the leaf; `id`, `parentId` and `timestamp` are filled in. The header is written before the first entry. */
  append(entry: { type: string } & Record<string, unknown>): TranscriptEntry;
  appendMessage(message: StoredMessage): TranscriptEntry;
  /** Flushes to the disk (fdatasync). */
  sync(): void;
  close(): void;
}
