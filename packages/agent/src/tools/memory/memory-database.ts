import { mkdirSync, renameSync, chmodSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OpenClawError, type Log } from "@openclaw/core";
import { chunking } from "./chunk.ts";

/** What the index was built with; another value means that it is built anew. */
const builtWith = JSON.stringify({
  model: "fts-only",
  provider: "none",
  providerKey: "none",
  chunkTokens: chunking.tokens,
  chunkOverlap: chunking.overlapTokens,
  tokenizer: "porter",
});
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
  CREATE VIRTUAL TABLE IF NOT EXISTS chunks_fts USING fts5(
    text, id UNINDEXED, path UNINDEXED, source UNINDEXED, model UNINDEXED, start_line UNINDEXED, end_line UNINDEXED,
    tokenize = 'porter unicode61 remove_diacritics 2'
  );
`;

/** Opens the index, which can always be made again from the notes: one that is damaged is put aside as `.damaged`. */
export function openMemoryDatabase(file: string, log: Log): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      return prepare(file);
    } catch (error) {
      if (!(error instanceof Error) || !/not a database|malformed|corrupt/i.test(error.message)) throw error;
      log.warn("memory index is damaged; building it again", { file });
      renameSync(file, `${file}.damaged`);
      for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
      return prepare(file);
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

function prepare(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    chmodSync(file, 0o600);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;");
    database.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
    const meta = database.prepare("SELECT value FROM meta WHERE key = ?").get(metaKey);
    if (meta?.["value"] !== builtWith) {
      database.exec(
        "BEGIN IMMEDIATE; DROP TABLE IF EXISTS chunks_fts; DROP TABLE IF EXISTS chunks; DROP TABLE IF EXISTS files;",
      );
      database.exec(schema);
      database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(metaKey, builtWith);
      database.exec("COMMIT");
    } else database.exec(schema);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
