import type { Clock, Inbound } from "@openclaw/core";
import { isBareStopWord } from "../commands/stop-words.ts";
import type { InboxRow } from "../store/inbox.ts";

/** Quiet time after which an album counts as complete, ms. Platforms send its parts as separate messages. */
const ALBUM_MS = 500;
/** A text that a client cut: longest gap between parts, ms, and how much is joined at most. */
const PART_GAP_MS = 1_500;
const MAX_PARTS = 12;
const MAX_CHARS = 50_000;

interface Group {
  rows: InboxRow[];
  next(rows: InboxRow[]): void;
  cancel(): void;
}

/** Holds back messages that are parts of one until the rest has come, and hands them on together. */
export interface Gather {
  /** Takes a message in the order of its chat. */
  add(row: InboxRow): void;
}

export interface GatherOptions {
  clock: Clock;
  /** Gets one message's rows: several for an album, a text that a client cut, or one that was written in steps. */
  complete(rows: InboxRow[]): void;
  /** Quiet time after which a sender's plain words are complete, ms; 0: at once. */
  restMs(channel: string): number;
}

export function createGather({ clock, complete, restMs }: GatherOptions): Gather {
  const open = new Map<string, Group>();

  /** Words rest until their sender is quiet. Files, commands and stop words are taken at once, after what rests. */
  function rest(rows: InboxRow[]): void {
    const [first] = rows;
    if (!first) return;
    const { channel, message } = first;
    if (message.kind !== "message") return complete(rows);
    const id = `${placeOf(first)}\nrest ${message.sender.id}`;
    const quietMs = restMs(channel);
    if (quietMs > 0 && isPlain(message)) return hold(id, rows, quietMs, complete);
    release(id);
    complete(rows);
  }

  function release(id: string): void {
    const group = open.get(id);
    if (!group) return;
    group.cancel();
    open.delete(id);
    group.next(group.rows);
  }

  function hold(id: string, rows: InboxRow[], quietMs: number, next = rest): void {
    const group = open.get(id) ?? { rows: [], next, cancel: () => {} };
    group.cancel();
    group.rows.push(...rows);
    group.cancel = clock.after(quietMs, () => release(id));
    open.set(id, group);
  }

  return {
    add(row) {
      const { albumId, part, sender } = row.message;
      const place = placeOf(row);
      if (albumId) return hold(`${place}\nalbum ${albumId}`, [row], ALBUM_MS);
      const id = `${place}\ntext ${sender.id}`;
      const before = open.get(id)?.rows ?? [];
      const follows =
        part !== undefined && before.length > 0 && part.sequence === (before.at(-1)?.message.part?.sequence ?? 0) + 1;
      const length = before.reduce((sum, { message }) => sum + message.text.length, row.message.text.length);
      if (!follows || length > MAX_CHARS) release(id);
      if (!follows && !part?.full) return rest([row]);
      hold(id, [row], PART_GAP_MS);
      const rows = open.get(id)?.rows ?? [];
      if (!part?.full || rows.length >= MAX_PARTS) release(id);
    },
  };
}

const placeOf = ({ channel, account, message: { chat } }: InboxRow) =>
  `${channel}\n${account}\n${chat.id}\n${chat.threadId ?? ""}`;

function isPlain({ text, command, media = [], forwardedFrom }: Inbound): boolean {
  const isCommand = command !== undefined || text.trim().startsWith("/") || isBareStopWord(text);
  return !isCommand && media.length === 0 && forwardedFrom === undefined;
}
