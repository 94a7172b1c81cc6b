import { type SessionEntry, type Transcript, openTranscript, transcriptFileName } from "@openclaw/core/sessions";
import type { Clock, Log } from "@openclaw/core";
import { basename, dirname, isAbsolute, join } from "node:path";

export interface Transcripts {
  /** The open transcript of an entry; kept open while it is among the last used. */
  open(dir: string, entry: Readonly<SessionEntry>): Transcript;
  pathOf(dir: string, entry: Readonly<SessionEntry>): string;
  /** Closes a transcript whose file is about to be moved or left. */
  release(path: string): void;
  closeAll(): void;
}

/** Open transcripts kept at once; each holds one file descriptor and its branch in memory. */
const KEPT = 64;

export function createTranscripts(options: { workspace(): string; clock: Clock; log: Log }): Transcripts {
  const opened = new Map<string, Transcript>();

  // A file named by another installation may stand elsewhere; only its name is trusted, inside our own directory.
  const pathOf = (dir: string, entry: Readonly<SessionEntry>) => {
    const named = entry.sessionFile;
    if (named && isAbsolute(named) && dirname(named) === dir) return named;
    return join(dir, named ? basename(named) : transcriptFileName(entry.sessionId));
  };

  return {
    pathOf,
    open(dir, entry) {
      const path = pathOf(dir, entry);
      let transcript = opened.get(path);
      opened.delete(path);
      if (!transcript) {
        transcript = openTranscript({
          path,
          sessionId: entry.sessionId,
          cwd: options.workspace(),
          clock: options.clock,
        });
        for (const { line, reason } of transcript.dropped)
          options.log.warn(`${path}: line ${line} was dropped: ${reason}`);
      }
      opened.set(path, transcript);
      if (opened.size > KEPT) {
        const [oldest] = opened.keys();
        if (oldest) {
          opened.get(oldest)?.close();
          opened.delete(oldest);
        }
      }
      return transcript;
    },
    release(path) {
      opened.get(path)?.close();
      opened.delete(path);
    },
    closeAll() {
      for (const transcript of opened.values()) transcript.close();
      opened.clear();
    },
  };
}
