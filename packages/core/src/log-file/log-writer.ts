import fs from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../clock.ts";

const FLUSH_MS = 100;
const FLUSH_BYTES = 64 * 1024;
const MAX_WAITING_BYTES = 1024 * 1024;

export interface LogWriter {
  /** Takes a line without its line break. `urgent`: on the file when this returns. Never throws. */
  write(line: string, urgent: boolean): void;
  flush(): void;
  close(): void;
}

export interface LogWriterOptions {
  /** Path for lines written now; another answer opens another file. */
  file: () => string;
  clock: Clock;
  /** Told once when writing begins to fail. */
  onFailure: (sentence: string) => void;
}

/**
 * Appends lines to a file in batches, each with one write. While the disk refuses, up to 1 MB waits; what does not fit
 * is counted and told when writing works again.
 */
export function createLogWriter({ file, clock, onFailure }: LogWriterOptions): LogWriter {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let failing = false;
  let target: { path: string; fd: number } | undefined;
  let cancelTimer: (() => void) | undefined;

  function open(): number {
    const path = file();
    // Somebody may have moved or deleted the file under us, e.g. a log rotation.
    if (target && (target.path !== path || fs.fstatSync(target.fd).nlink === 0)) closeFile();
    if (!target) {
      fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      target = { path, fd: fs.openSync(path, "a", 0o600) };
    }
    return target.fd;
  }

  function closeFile(): void {
    if (target) fs.closeSync(target.fd);
    target = undefined;
  }

  function flush(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    if (waiting.length === 0) return;
    const text = `${waiting.join("\n")}\n`;
    try {
      const fd = open();
      const bytes = Buffer.from(text);
      const written = fs.writeSync(fd, bytes);
      if (written < bytes.length) fs.writeSync(fd, bytes, written);
      waiting = [];
      waitingBytes = 0;
      failing = false;
    } catch (error) {
      if (!failing)
        onFailure(
          `The log file ${file()} cannot be written (${error instanceof Error ? error.message : "unknown error"}); lines wait in memory.`,
        );
      failing = true;
      while (waitingBytes > MAX_WAITING_BYTES) {
        waitingBytes -= (waiting.shift() ?? "").length + 1;
        lost += 1;
      }
      if (waiting.length > 0) schedule();
    }
    if (!failing && lost > 0) {
      const note = `{"0":"{\\"subsystem\\":\\"log\\"}","1":"${lost} log lines were lost while the disk refused to write","time":"${new Date(clock.now()).toISOString()}"}`;
      lost = 0;
      waiting.push(note);
      schedule();
    }
  }

  function schedule(): void {
    cancelTimer ??= clock.after(failing ? FLUSH_MS * 50 : FLUSH_MS, () => {
      cancelTimer = undefined;
      flush();
    });
  }

  return {
    write(line, urgent) {
      waiting.push(line);
      waitingBytes += line.length + 1;
      if ((urgent && !failing) || (waitingBytes > FLUSH_BYTES && !failing) || waitingBytes > MAX_WAITING_BYTES) flush();
      else schedule();
    },
    flush,
    close() {
      flush();
      cancelTimer?.();
      cancelTimer = undefined;
      try {
        closeFile();
      } catch {
        // Closing a log must not be what stops a shutdown.
      }
    },
  };
}
