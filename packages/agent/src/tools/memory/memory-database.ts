import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OpenClawError, type Log } from "@openclaw/core";
import type { EmbeddingProvider } from "./embeddings/provider.ts";
import type { Chunking } from "./memory-settings.ts";

/** What an index was built with. Another value means that it is built anew. */
export interface IndexMeta {
  model: string;
  provider: string;
  providerKey: string;
  chunkTokens: number;
  chunkOverlap: number;
  tokenizer: string;
  /** What else than notes is in it. */
  extraPaths: readonly string[];
}

const metaKey = "memory_index_meta_v1";

const schema = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, source TEXT NOT NULL DEFAULT 'memory', hash TEXT NOT NULL, mtime INTEGER NOT NULL, size INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS chunks (
    id TEXT PRIMARY KEY, path TEXT NOT NULL, source TEXT NOT NULL DEFAULT 'memory', start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL, hash TEXT NOT NULL, model TEXT NOT NULL, text TEXT NOT NULL, embedding TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS embedding_cache (
    provider TEXT NOT NULL, model TEXT NOT NULL, provider_key TEXT NOT NULL, hash TEXT NOT NULL, embedding TEXT NOT NULL,
    dims INTEGER, updated_at INTEGER NOT NULL, PRIMARY KEY (provider, model, provider_key, hash)
  );
  CREATE INDEX IF NOT EXISTS idx_embedding_cache_updated_at ON embedding_cache(updated_at);
  CREATE INDEX IF NOT EXISTS idx_chunks_path ON chunks(path);
  CREATE INDEX IF NOT EXISTS idx_chunks_source ON chunks(source);
  CREATE INDEX IF NOT EXISTS idx_chunks_pending ON chunks(id) WHERE embedding = '[]';
  CREATE VIRTUAL TABLE IF NOT EXISTS chunks_fts USING fts5(
    text, id UNINDEXED, path UNINDEXED, source UNINDEXED, model UNINDEXED, start_line UNINDEXED, end_line UNINDEXED,
    tokenize = 'porter unicode61 remove_diacritics 2'
  );
`;

export function indexMeta(
  provider: EmbeddingProvider | undefined,
  chunking: Chunking,
  extraPaths: readonly string[],
): IndexMeta {
  return {
    model: provider?.model ?? "fts-only",
    provider: provider?.id ?? "none",
    providerKey: provider?.key ?? "none",
    chunkTokens: chunking.tokens,
    chunkOverlap: chunking.overlap,
    tokenizer: "porter",
    extraPaths,
  };
}

export interface OpenedDatabase {
  database: DatabaseSync;
  /** It was built with something else; what it holds is of use only as a cache. */
  stale: boolean;
}

/**
 * Opens the index, which can always be made again from the notes: one that is damaged is put aside as `.damaged`. A new
 * one is made for `meta`. Throws `MEMORY_INDEX`.
 */
export function openMemoryDatabase(file: string, meta: IndexMeta, log: Log): OpenedDatabase {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      return prepare(file, meta);
    } catch (error) {
      if (!(error instanceof Error) || !/not a database|malformed|corrupt/i.test(error.message)) throw error;
      log.warn("memory index is damaged; building it again", { file });
      renameSync(file, `${file}.damaged`);
      removeJournal(file);
      return prepare(file, meta);
    }
  } catch (cause) {
    throw new OpenClawError({
      code: "MEMORY_INDEX",
      message: `The memory index ${file} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}.`,
      hint: "Check the permissions and free space of that directory. The file may be deleted: it is built from the notes.",
      cause,
    });
  }
}

/** Leftovers of a file that is gone; SQLite would take them for its journal. */
export function removeJournal(file: string): void {
  for (const suffix of ["-wal", "-shm", "-journal"]) rmSync(file + suffix, { force: true });
}

function prepare(file: string, meta: IndexMeta): OpenedDatabase {
  // Allowed for sqlite-vec, which is loaded by path; SQL itself cannot load anything.
  const database = new DatabaseSync(file, { allowExtension: true });
  try {
    chmodSync(file, 0o600);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;");
    database.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
    const known = database.prepare("SELECT value FROM meta WHERE key = ?").get(metaKey)?.["value"];
    const wanted = JSON.stringify(meta);
    if (known !== undefined && known !== wanted) return { database, stale: true };
    database.exec(schema);
    database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(metaKey, wanted);
    return { database, stale: false };
  } catch (error) {
    database.close();
    throw error;
  }
}
