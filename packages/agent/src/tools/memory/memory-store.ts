import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "@openclaw/core";
import type { Chunk } from "./chunk.ts";
import type { IndexMeta } from "./memory-database.ts";

export interface StoredChunk extends Chunk {
  id: string;
  path: string;
}

export interface PendingChunk {
  id: string;
  text: string;
  hash: string;
}

/** The tables of an index, without any judgement about them. Synchronous, as SQLite is. */
export interface MemoryStore {
  files(): Map<string, { mtime: number; size: number; hash: string }>;
  /** Replaces the chunks of a file; undefined keeps them. Returns the ids that are gone. */
  putFile(
    file: { path: string; hash: string; mtime: number; size: number },
    chunks: readonly Chunk[] | undefined,
  ): string[];
  /** Returns the ids that are gone. */
  dropFile(path: string): string[];
  /** Best first. `expression` is FTS5's. */
  match(expression: string, limit: number): StoredChunk[];
  /** The last lines first. */
  ofPath(path: string, limit: number): StoredChunk[];
  byIds(ids: readonly string[]): StoredChunk[];
  /** Chunks without a vector. */
  pending(limit: number): PendingChunk[];
  pendingCount(): number;
  setEmbedding(id: string, vector: Float32Array): void;
  embeddings(): Iterable<{ id: string; vector: Float32Array }>;
  cached(hash: string): Float32Array | undefined;
  cache(hash: string, vector: Float32Array): void;
  pruneCache(maxEntries: number): void;
  forgetEmbeddings(): void;
  transaction(work: () => void): void;
  readonly database: DatabaseSync;
  close(): void;
}

export function createMemoryStore(database: DatabaseSync, meta: IndexMeta, clock: Clock): MemoryStore {
  const { provider, model, providerKey } = meta;
  const columns = "id, path, start_line, end_line, text";
  const sql = {
    files: database.prepare("SELECT path, hash, mtime, size FROM files WHERE source = 'memory'"),
    putFile: database.prepare(
      "INSERT OR REPLACE INTO files (path, source, hash, mtime, size) VALUES (?, 'memory', ?, ?, ?)",
    ),
    dropFile: database.prepare("DELETE FROM files WHERE path = ? AND source = 'memory'"),
    idsOf: database.prepare("SELECT id FROM chunks WHERE path = ? AND source = 'memory'"),
    rowsOf: database.prepare("SELECT rowid AS row FROM chunks_fts WHERE path = ?"),
    dropFts: database.prepare("DELETE FROM chunks_fts WHERE rowid = ?"),
    dropChunks: database.prepare("DELETE FROM chunks WHERE path = ? AND source = 'memory'"),
    putChunk: database.prepare(
      "INSERT OR REPLACE INTO chunks (id, path, source, start_line, end_line, hash, model, text, embedding, updated_at) VALUES (?, ?, 'memory', ?, ?, ?, ?, ?, '[]', ?)",
    ),
    putFts: database.prepare(
      "INSERT INTO chunks_fts (text, id, path, source, model, start_line, end_line) VALUES (?, ?, ?, 'memory', ?, ?, ?)",
    ),
    match: database.prepare(
      `SELECT ${columns} FROM chunks_fts WHERE chunks_fts MATCH ? ORDER BY bm25(chunks_fts), path LIMIT ?`,
    ),
    ofPath: database.prepare(`SELECT ${columns} FROM chunks WHERE path = ? ORDER BY start_line DESC LIMIT ?`),
    byId: database.prepare(`SELECT ${columns} FROM chunks WHERE id = ?`),
    pending: database.prepare("SELECT id, text, hash FROM chunks WHERE embedding = '[]' LIMIT ?"),
    pendingCount: database.prepare("SELECT count(*) AS count FROM chunks WHERE embedding = '[]'"),
    setEmbedding: database.prepare("UPDATE chunks SET embedding = ? WHERE id = ?"),
    embeddings: database.prepare("SELECT id, embedding FROM chunks WHERE embedding <> '[]'"),
    cached: database.prepare(
      "SELECT embedding FROM embedding_cache WHERE provider = ? AND model = ? AND provider_key = ? AND hash = ?",
    ),
    cache: database.prepare(
      "INSERT OR REPLACE INTO embedding_cache (provider, model, provider_key, hash, embedding, dims, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    prune: database.prepare(
      "DELETE FROM embedding_cache WHERE rowid IN (SELECT rowid FROM embedding_cache ORDER BY updated_at DESC LIMIT -1 OFFSET ?)",
    ),
  };

  function forgetChunks(path: string): string[] {
    const gone = sql.idsOf.all(path).map((row) => String(row["id"]));
    for (const { row } of sql.rowsOf.all(path)) if (row !== undefined) sql.dropFts.run(row);
    sql.dropChunks.run(path);
    return gone;
  }

  return {
    database,
    files: () =>
      new Map(
        sql.files
          .all()
          .map((row) => [
            String(row["path"]),
            { hash: String(row["hash"]), mtime: Number(row["mtime"]), size: Number(row["size"]) },
          ]),
      ),
    putFile({ path, hash, mtime, size }, chunks) {
      const gone = chunks ? forgetChunks(path) : [];
      for (const { startLine, endLine, text } of chunks ?? []) {
        const chunkHash = sha256(text);
        const id = sha256(`memory:${path}:${startLine}:${endLine}:${chunkHash}:${model}`);
        // Equal pieces of one over-long line are one chunk.
        if (sql.byId.get(id)) continue;
        sql.putChunk.run(id, path, startLine, endLine, chunkHash, model, text, clock.now());
        sql.putFts.run(text, id, path, model, startLine, endLine);
      }
      sql.putFile.run(path, hash, mtime, size);
      return gone;
    },
    dropFile(path) {
      const gone = forgetChunks(path);
      sql.dropFile.run(path);
      return gone;
    },
    match: (expression, limit) => sql.match.all(expression, limit).map(toChunk),
    ofPath: (path, limit) => sql.ofPath.all(path, limit).map(toChunk),
    byIds: (ids) => ids.flatMap((id) => sql.byId.all(id).map(toChunk)),
    pending: (limit) =>
      sql.pending
        .all(limit)
        .map((row) => ({ id: String(row["id"]), text: String(row["text"]), hash: String(row["hash"]) })),
    pendingCount: () => Number(sql.pendingCount.get()?.["count"] ?? 0),
    setEmbedding: (id, vector) => void sql.setEmbedding.run(toJson(vector), id),
    *embeddings() {
      for (const row of sql.embeddings.iterate()) yield { id: String(row["id"]), vector: fromJson(row["embedding"]) };
    },
    cached(hash) {
      const row = sql.cached.get(provider, model, providerKey, hash);
      return row && fromJson(row["embedding"]);
    },
    cache: (hash, vector) =>
      void sql.cache.run(provider, model, providerKey, hash, toJson(vector), vector.length, clock.now()),
    pruneCache: (maxEntries) => void sql.prune.run(maxEntries),
    forgetEmbeddings() {
      database.exec("UPDATE chunks SET embedding = '[]'");
      database
        .prepare("DELETE FROM embedding_cache WHERE provider = ? AND model = ? AND provider_key = ?")
        .run(provider, model, providerKey);
    },
    transaction(work) {
      database.exec("BEGIN IMMEDIATE");
      try {
        work();
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => database.close(),
  };
}

function toChunk(row: Record<string, unknown>): StoredChunk {
  return {
    id: String(row["id"]),
    path: String(row["path"]),
    startLine: Number(row["start_line"]),
    endLine: Number(row["end_line"]),
    text: String(row["text"]),
  };
}

/** Five decimals: a cosine changes by less than a thousandth, the text halves. */
function toJson(vector: Float32Array): string {
  return `[${Array.from(vector, (value) => Math.round(value * 1e5) / 1e5).join(",")}]`;
}

function fromJson(text: unknown): Float32Array {
  const values: unknown = JSON.parse(String(text));
  return Float32Array.from(Array.isArray(values) ? values.map(Number) : []);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
