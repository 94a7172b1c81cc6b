import { open } from "node:fs/promises";

export interface TailOptions {
  /** Byte offset of the last read; absent: the end of the file. */
  cursor?: number;
  limit: number;
  maxBytes: number;
}

export interface TailResult {
  file: string;
  /** Where the next read begins. */
  cursor: number;
  size: number;
  lines: string[];
  /** There were more lines than asked for. */
  truncated: boolean;
  reset: boolean;
}

/** Whole lines after `cursor`, newest last. A cursor beyond the file (it was replaced) starts over and says so. */
export async function tailFile(file: string, { cursor, limit, maxBytes }: TailOptions): Promise<TailResult> {
  const handle = await open(file, "r").catch(() => undefined);
  if (!handle) return { file, cursor: 0, size: 0, lines: [], truncated: false, reset: false };
  try {
    const { size } = await handle.stat();
    const reset = cursor !== undefined && cursor > size;
    const from = cursor === undefined || reset ? Math.max(0, size - maxBytes) : Math.max(cursor, size - maxBytes);
    const buffer = Buffer.alloc(size - from);
    await handle.read(buffer, 0, buffer.length, from);
    const end = buffer.lastIndexOf(0x0a) + 1;
    const cut = from > 0 && from !== cursor;
    const lines = buffer
      .subarray(0, end)
      .toString("utf8")
      .split("\n")
      .slice(cut ? 1 : 0, -1);
    return {
      file,
      cursor: from + end,
      size,
      lines: lines.slice(-limit),
      truncated: (cursor !== undefined && from > cursor) || lines.length > limit,
      reset,
    };
  } finally {
    await handle.close();
  }
}
