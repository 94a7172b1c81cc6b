import type { Clock } from "@openclaw/core";
import type { InboxRow } from "../store/inbox.ts";

/** Quiet time after which an album counts as complete, ms. Platforms send its parts as separate messages. */
const ALBUM_MS = 500;
/** A text that a client cut: longest gap between parts, ms, and how much is joined at most. */
const PART_GAP_MS = 1_500;
const MAX_PARTS = 12;
const MAX_CHARS = 50_000;

interface Group {
  rows: InboxRow[];
  cancel(): void;
}

/** Holds back messages that are parts of one until the rest has come, and hands them on together. */
export interface Gather {
  /** Takes a message in the order of its chat. */
  add(row: InboxRow): void;
}

/** `complete` gets one message's rows: several for an album or a text that a client cut. */
export function createGather(clock: Clock, complete: (rows: InboxRow[]) => void): Gather {
  const open = new Map<string, Group>();

  function release(id: string): void {
    const group = open.get(id);
    if (!group) return;
    group.cancel();
    open.delete(id);
    complete(group.rows);
  }

  function hold(id: string, row: InboxRow, quietMs: number): void {
    const group = open.get(id) ?? { rows: [], cancel: () => {} };
    group.cancel();
    group.rows.push(row);
    group.cancel = clock.after(quietMs, () => release(id));
    open.set(id, group);
  }

  return {
    add(row) {
      const { albumId, part, chat, sender } = row.message;
      const place = `${row.channel}\n${row.account}\n${chat.id}\n${chat.threadId ?? ""}`;
      if (albumId) return hold(`${place}\nalbum ${albumId}`, row, ALBUM_MS);
      const id = `${place}\ntext ${sender.id}`;
      const before = open.get(id)?.rows ?? [];
      const follows = part !== undefined && before.length > 0 && part.sequence === (before.at(-1)?.message.part?.sequence ?? 0) + 1;
      const length = before.reduce((sum, { message }) => sum + message.text.length, row.message.text.length);
      if (!follows || length > MAX_CHARS) release(id);
      if (!follows && !part?.full) return complete([row]);
      hold(id, row, PART_GAP_MS);
      const rows = open.get(id)?.rows ?? [];
      if (!part?.full || rows.length >= MAX_PARTS) release(id);
    },
  };
}
