import type { Clock } from "@openclaw/core";
import type { InboxRow } from "../store/inbox.ts";

/** Quiet time after which an album counts as complete, ms. Platforms send its parts as separate messages. */
const SETTLE_MS = 500;

/** Gathers the parts of an album and hands them on together. */
export function createAlbums(clock: Clock, complete: (rows: InboxRow[]) => void): { add(row: InboxRow, albumId: string): void } {
  const open = new Map<string, { rows: InboxRow[]; cancel: () => void }>();
  return {
    add(row, albumId) {
      const id = `${row.channel}\n${row.account}\n${row.message.chat.id}\n${albumId}`;
      const album = open.get(id) ?? { rows: [], cancel: () => {} };
      album.cancel();
      album.rows.push(row);
      album.cancel = clock.after(SETTLE_MS, () => {
        open.delete(id);
        complete(album.rows);
      });
      open.set(id, album);
    },
  };
}
