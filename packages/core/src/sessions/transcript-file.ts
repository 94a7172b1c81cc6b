import fs from "node:fs";
import { dirname } from "node:path";
import { OpenClawError } from "../error.ts";

/** One append-only file, opened when it is first needed. Every write is a single syscall on an O_APPEND descriptor. */
export interface AppendFile {
  /** Bytes in the file now; 0 when it does not exist. */
  size(): number;
  read: (position: number, length: number) => Buffer;
  append(text: string): void;
  sync: () => void;
  close(): void;
}

export function createAppendFile(path: string): AppendFile {
  let fd: number | undefined;

  function open(): number {
    if (fd !== undefined) return fd;
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    fd = fs.openSync(path, "a+", 0o600);
    fs.fchmodSync(fd, 0o600);
    return fd;
  }

  return {
    size() {
      if (fd !== undefined) return fs.fstatSync(fd).size;
      return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    },
    read(position, length) {
      const bytes = Buffer.allocUnsafe(length);
      const from = open();
      let filled = 0;
      while (filled < length) {
        const count = fs.readSync(from, bytes, filled, length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
    append(text) {
      const bytes = Buffer.from(text);
      try {
        const to = open();
        const before = fs.fstatSync(to).size;
        const written = fs.writeSync(to, bytes);
        if (written === bytes.length) return;
        // The disk took a part only: take it back, so that no torn line stays behind.
        fs.ftruncateSync(to, before);
        throw new Error(`the disk took ${written} of ${bytes.length} bytes`);
      } catch (cause) {
        throw writeFailed(path, cause);
      }
    },
    sync() {
      if (fd !== undefined) fs.fdatasyncSync(fd);
    },
    close() {
      if (fd !== undefined) fs.closeSync(fd);
      fd = undefined;
    },
  };
}

function writeFailed(path: string, cause: unknown): OpenClawError {
  return new OpenClawError({
    code: "TRANSCRIPT_WRITE_FAILED",
    message: `Could not write to ${path}: ${cause instanceof Error ? cause.message : "unknown error"}.`,
    hint: "Free disk space or fix the permissions of the sessions folder; the message was not recorded.",
    cause,
  });
}
