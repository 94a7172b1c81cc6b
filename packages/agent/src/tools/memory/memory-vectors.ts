import type { Clock, Log } from "@openclaw/core";
import { embedBatches } from "./embeddings/embed-batches.ts";
import type { EmbeddingProvider } from "./embeddings/provider.ts";
import type { MemoryStore } from "./memory-store.ts";
import { openSqliteVecTable } from "./sqlite-vec-table.ts";
import { createVectorTable, type VectorTable } from "./vector-table.ts";
import type { MemorySettings } from "./memory-settings.ts";

export interface MemoryVectorsOptions {
  store: MemoryStore;
  provider: EmbeddingProvider;
  settings: Pick<MemorySettings, "vector" | "cache">;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/** The vectors of one index and of the questions put to it. */
export interface MemoryVectors {
  /** Gives every chunk its vector, a few at a time, each kept as soon as it is there. Rejects when the provider fails. */
  complete(): Promise<void>;
  /** Undefined while there are no vectors. Rejects when the provider fails. */
  nearest(query: string, limit: number): Promise<{ id: string; similarity: number }[] | undefined>;
  forget(ids: readonly string[]): void;
  /** The store was changed by somebody else: read it again before the next question. */
  invalidate(): void;
  readonly kind: VectorTable["kind"] | undefined;
}

/** Chunks between two writes. */
const stepSize = 64;
/** Questions are often asked again, by heartbeats for example. */
const keptQueries = 100;

export function createMemoryVectors({
  store,
  provider,
  settings,
  clock,
  log,
  signal,
}: MemoryVectorsOptions): MemoryVectors {
  const queries = new Map<string, Float32Array>();
  const calls = { provider, clock, signal };
  let table: VectorTable | undefined;

  function tableFor(dims: number): VectorTable {
    table ??=
      (settings.vector.enabled
        ? openSqliteVecTable({
            store,
            dims,
            log,
            ...(settings.vector.extensionPath ? { extensionPath: settings.vector.extensionPath } : {}),
          })
        : undefined) ?? createVectorTable(store, dims);
    return table;
  }

  function firstStored(): Float32Array | undefined {
    for (const { vector } of store.embeddings()) return vector;
    return undefined;
  }

  return {
    get kind() {
      return table?.kind;
    },
    async complete() {
      let dims = firstStored()?.length;
      for (;;) {
        const pending = store.pending(stepSize);
        if (pending.length === 0)
          return settings.cache.enabled ? store.pruneCache(settings.cache.maxEntries) : undefined;
        const known = new Map(
          pending.map(({ hash }) => [hash, settings.cache.enabled ? store.cached(hash) : undefined]),
        );
        const missing = pending.filter(
          ({ hash }, index) => !known.get(hash) && pending.findIndex((other) => other.hash === hash) === index,
        );
        const made = await embedBatches(
          missing.map(({ text }) => text),
          calls,
        );
        signal.throwIfAborted();
        for (const [index, { hash }] of missing.entries()) known.set(hash, made[index]);
        const length = made[0]?.length ?? [...known.values()].find(Boolean)?.length;
        if (dims !== undefined && length !== undefined && length !== dims) {
          // The same name now stands for a model of another size: vectors of both cannot be compared.
          log.warn("embeddings have another size than before; all are made again", {
            provider: provider.id,
            dims,
            now: length,
          });
          store.forgetEmbeddings();
          table = undefined;
          store.database.exec("DROP TABLE IF EXISTS chunks_vec");
          dims = length;
          continue;
        }
        dims = length;
        store.transaction(() => {
          for (const { id, hash } of pending) {
            const vector = known.get(hash);
            if (!vector) continue;
            store.setEmbedding(id, vector);
            if (settings.cache.enabled) store.cache(hash, vector);
          }
        });
        for (const { id, hash } of pending) {
          const vector = known.get(hash);
          if (vector) table?.set(id, vector);
        }
      }
    },
    async nearest(query, limit) {
      const first = table ? undefined : firstStored();
      if (!table && !first) return undefined;
      const vector = queries.get(query) ?? (await provider.embed([query], "query", signal))[0];
      if (!vector) return undefined;
      if (queries.size >= keptQueries) queries.delete([...queries.keys()][0] ?? "");
      queries.set(query, vector);
      if (first && first.length !== vector.length) return undefined;
      const [low, high] = provider.range ?? [0, 1];
      return tableFor(vector.length)
        .nearest(vector, limit)
        .map(({ id, cosine }) => ({ id, similarity: Math.min(1, Math.max(0, (cosine - low) / (high - low))) }));
    },
    forget(ids) {
      for (const id of ids) table?.delete(id);
    },
    invalidate() {
      table = undefined;
    },
  };
}
