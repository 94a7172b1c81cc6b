import { renameSync, rmSync, statSync } from "node:fs";
import type { Clock, Log } from "@openclaw/core";
import { openMemoryDatabase, removeJournal, type IndexMeta } from "./memory-database.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";

export interface OpenIndexOptions {
  file: string;
  meta: IndexMeta;
  clock: Clock;
  log: Log;
  /** Fills a store with everything there is. */
  fill(store: MemoryStore): Promise<void>;
}

export interface OpenIndex {
  store: MemoryStore;
  /** The file on disk is still the one that was opened; another process may have put a new one in its place. */
  isCurrent(): boolean;
  /** Another connection has written since this was last asked. */
  wasChanged(): boolean;
}

/**
 * Opens the index of a file. One that was built with other settings is built anew beside it and put in its place when it
 * is complete, so that no reader ever finds half of one; vectors that are of use go along.
 */
export async function openIndex(options: OpenIndexOptions): Promise<OpenIndex> {
  const { file, meta, clock, log } = options;
  const opened = openMemoryDatabase(file, meta, log);
  if (!opened.stale) return watched(createMemoryStore(opened.database, meta, clock), file);
  opened.database.close();
  const fresh = `${file}.${process.pid}.new`;
  removeIndex(fresh);
  try {
    const store = createMemoryStore(openMemoryDatabase(fresh, meta, log).database, meta, clock);
    try {
      takeCache(store, file);
      await options.fill(store);
      // Everything into the one file that is moved.
      store.database.exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;");
    } finally {
      store.close();
    }
    renameSync(fresh, file);
    removeJournal(file);
  } finally {
    removeIndex(fresh);
  }
  log.info("memory index was built anew", { file, provider: meta.provider, model: meta.model });
  return watched(createMemoryStore(openMemoryDatabase(file, meta, log).database, meta, clock), file);
}

function takeCache({ database }: MemoryStore, file: string): void {
  try {
    database.prepare("ATTACH DATABASE ? AS old").run(file);
    database.exec("INSERT OR IGNORE INTO embedding_cache SELECT * FROM old.embedding_cache");
  } catch {
    // An index without a cache, or one that cannot be read: everything is made again.
  }
  try {
    database.exec("DETACH DATABASE old");
  } catch {
    // It was never attached.
  }
}

function removeIndex(file: string): void {
  rmSync(file, { force: true });
  removeJournal(file);
}

function watched(store: MemoryStore, file: string): OpenIndex {
  const inode = inodeOf(file);
  const version = store.database.prepare("PRAGMA data_version");
  const read = () => Number(version.get()?.["data_version"] ?? 0);
  let seen = read();
  return {
    store,
    isCurrent: () => inodeOf(file) === inode,
    wasChanged() {
      const now = read();
      const changed = now !== seen;
      seen = now;
      return changed;
    },
  };
}

const inodeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.ino;
