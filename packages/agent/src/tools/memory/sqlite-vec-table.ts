import { createRequire } from "node:module";
import type { Log } from "@openclaw/core";
import type { MemoryStore } from "./memory-store.ts";
import type { VectorTable } from "./vector-table.ts";

export interface SqliteVecOptions {
  store: MemoryStore;
  dims: number;
  /** The extension's library. Default: that of the package `sqlite-vec`, when it is installed. */
  extensionPath?: string;
  log: Log;
}

/** The vectors in the table `chunks_vec` of sqlite-vec. Undefined when the extension is not there or does not load. */
export function openSqliteVecTable({ store, dims, extensionPath, log }: SqliteVecOptions): VectorTable | undefined {
  const library = extensionPath ?? packagedLibrary();
  if (!library) return undefined;
  const { database } = store;
  try {
    database.loadExtension(library);
    database.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS chunks_vec USING vec0(id TEXT PRIMARY KEY, embedding FLOAT[${dims}] distance_metric=cosine)`,
    );
    const sql = {
      set: database.prepare("INSERT INTO chunks_vec (id, embedding) VALUES (?, ?)"),
      delete: database.prepare("DELETE FROM chunks_vec WHERE id = ?"),
      nearest: database.prepare(
        "SELECT id, distance FROM chunks_vec WHERE embedding MATCH ? AND k = ? ORDER BY distance",
      ),
      count: database.prepare("SELECT count(*) AS count FROM chunks_vec"),
      odd: database.prepare(
        "SELECT (SELECT count(*) FROM chunks WHERE embedding <> '[]' AND id NOT IN (SELECT id FROM chunks_vec)) + (SELECT count(*) FROM chunks_vec WHERE id NOT IN (SELECT id FROM chunks WHERE embedding <> '[]')) AS count",
      ),
    };
    const table: VectorTable = {
      kind: "sqlite-vec",
      get size() {
        return Number(sql.count.get()?.["count"] ?? 0);
      },
      set(id, vector) {
        sql.delete.run(id);
        sql.set.run(id, bytes(vector));
      },
      delete: (id) => void sql.delete.run(id),
      nearest: (query, limit) =>
        sql.nearest
          .all(bytes(query), limit)
          .map((row) => ({ id: String(row["id"]), cosine: 1 - Number(row["distance"]) })),
    };
    // Another process may have written chunks without the extension.
    if (Number(sql.odd.get()?.["count"] ?? 0) > 0)
      store.transaction(() => {
        database.exec("DELETE FROM chunks_vec");
        for (const { id, vector } of store.embeddings()) if (vector.length === dims) sql.set.run(id, bytes(vector));
      });
    return table;
  } catch (error) {
    log.warn("sqlite-vec is not used; vectors are compared in memory", { library, error: String(error) });
    return undefined;
  }
}

function packagedLibrary(): string | undefined {
  try {
    const { getLoadablePath } = createRequire(import.meta.url)("sqlite-vec") as { getLoadablePath(): string };
    return getLoadablePath();
  } catch {
    return undefined;
  }
}

const bytes = (vector: Float32Array) => new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
