import { readFile } from "node:fs/promises";
import type { Clock, Log } from "@openclaw/core";
import { chunkText } from "./chunk.ts";
import type { EmbeddingProvider } from "./embeddings/provider.ts";
import { indexMeta } from "./memory-database.ts";
import { listMemoryFiles, noteDate, type MemoryFile } from "./memory-files.ts";
import type { MemorySettings } from "./memory-settings.ts";
import { sha256, type MemoryStore, type StoredChunk } from "./memory-store.ts";
import { createMemoryVectors, type MemoryVectors } from "./memory-vectors.ts";
import { openIndex, type OpenIndex } from "./open-index.ts";
import { rank } from "./rank.ts";
import { bestSnippet } from "./snippet.ts";
import { contentWords, words } from "./words.ts";

export interface MemoryIndexOptions {
  settings: MemorySettings;
  /** Absolute. */
  workspace: string;
  /** Who makes vectors: the first, the next when it fails. Empty: words alone decide. */
  providers: readonly EmbeddingProvider[];
  clock: Clock;
  log: Log;
}

export interface MemoryHit {
  /** Relative to the workspace, or absolute. */
  path: string;
  startLine: number;
  endLine: number;
  /** 0 to 1. */
  score: number;
  /** `YYYY-MM-DD` */
  date: string;
  /** At most 700 characters. */
  snippet: string;
}

export interface MemoryAnswer {
  results: MemoryHit[];
  /** `hybrid`: meaning and words; `full-text`: words alone, `note` says why. */
  mode: "hybrid" | "full-text";
  provider?: string;
  model?: string;
  /** When the files were last compared with the index. ISO. */
  indexedAt: string;
  /** Some notes have no vector yet, so they are found by their words alone. */
  dirty: boolean;
  note?: string;
}

export interface MemoryIndex {
  /** Brings the index up to date with the files, then searches. The query `*` gives the newest notes. */
  search(query: string, options?: { maxResults?: number; minScore?: number }): Promise<MemoryAnswer>;
  /** Reads what has changed on disk, and has vectors made for it. Searching does it too. */
  sync(): Promise<void>;
  /** Resolves when every note has its vector, or the provider has failed. */
  settled(): Promise<void>;
  close(): void;
}

interface FoundTexts {
  /** Best first. */
  texts: StoredChunk[];
  /** How many of them have all the words. */
  complete: number;
}

interface Opened extends OpenIndex {
  vectors?: MemoryVectors;
}

/** A search waits this long for vectors of notes that have just been changed. */
const waitForVectorsMs = 1_500;
/** After a failure the provider is left alone for this long. */
const restMs = 60_000;
const maxCandidates = 200;

/** An index over the memory files of one workspace: full text always, vectors while a provider makes them. */
export function createMemoryIndex({ settings, workspace, providers, clock, log }: MemoryIndexOptions): MemoryIndex {
  const closing = new AbortController();
  let providerIndex = 0;
  let failure: { message: string; at: number } | undefined;
  let opened: Opened | undefined;
  let syncing: Promise<void> | undefined;
  let embedding: Promise<void> | undefined;
  let files: MemoryFile[] = [];
  let syncedAt = clock.now();

  const provider = () => (settings.hybrid.enabled ? providers[providerIndex] : undefined);

  async function open(): Promise<Opened> {
    if (opened?.isCurrent()) return opened;
    opened?.store.close();
    opened = undefined;
    const maker = provider();
    const meta = indexMeta(maker, settings.chunking, settings.extraPaths);
    const fill = async (store: MemoryStore) => void (await readChanges(store));
    const index = await openIndex({ file: settings.file, meta, clock, log, fill });
    if (closing.signal.aborted) index.store.close();
    closing.signal.throwIfAborted();
    const vectors =
      maker &&
      createMemoryVectors({ store: index.store, provider: maker, settings, clock, log, signal: closing.signal });
    opened = { ...index, ...(vectors ? { vectors } : {}) };
    return opened;
  }

  /** Returns the ids of chunks that are gone. */
  async function readChanges(store: MemoryStore): Promise<string[]> {
    files = await listMemoryFiles(workspace, settings.extraPaths);
    const known = store.files();
    const changes: { file: MemoryFile; hash: string; text?: string }[] = [];
    for (const found of files) {
      const old = known.get(found.path);
      known.delete(found.path);
      if (old?.mtime === found.mtime && old.size === found.size) continue;
      // A file that vanished since it was listed is seen as deleted by the next search.
      const text = await readFile(found.absolute, "utf8").catch(() => undefined);
      if (text === undefined) continue;
      const hash = sha256(text);
      changes.push({ file: found, hash, ...(hash === old?.hash ? {} : { text }) });
    }
    syncedAt = clock.now();
    if (changes.length === 0 && known.size === 0) return [];
    const gone: string[] = [];
    store.transaction(() => {
      for (const path of known.keys()) gone.push(...store.dropFile(path));
      for (const {
        file: { path, mtime, size },
        hash,
        text,
      } of changes)
        gone.push(
          ...store.putFile(
            { path, hash, mtime, size },
            text === undefined ? undefined : chunkText(text, settings.chunking),
          ),
        );
    });
    return gone;
  }

  async function syncNow(): Promise<void> {
    const { store, vectors, wasChanged } = await open();
    if (wasChanged()) vectors?.invalidate();
    const gone = await readChanges(store);
    vectors?.forget(gone);
    embedSoon(store, vectors);
  }

  /** Searches that come while a scan runs wait for the next one: theirs may have started before the newest change. */
  function sync(): Promise<void> {
    const next = (syncing ?? Promise.resolve()).catch(() => {}).then(syncNow);
    syncing = next;
    return next;
  }

  function embedSoon(store: MemoryStore, vectors: MemoryVectors | undefined): void {
    if (!vectors || embedding || isResting() || store.pendingCount() === 0) return;
    embedding = vectors
      .complete()
      .then(() => void (failure = undefined))
      .catch((error: unknown) => failed(error, store))
      .finally(() => (embedding = undefined));
  }

  const isResting = () => failure !== undefined && clock.now() - failure.at < restMs;

  /** A store that was closed under the call is no failure of the provider. */
  function failed(error: unknown, store: MemoryStore): void {
    if (closing.signal.aborted || opened?.store !== store) return;
    const message = error instanceof Error ? error.message : String(error);
    log.warn(`memory search goes by words alone: ${message}`, { provider: provider()?.id });
    failure = { message, at: clock.now() };
    if (providerIndex + 1 >= providers.length) return;
    // Another provider's vectors need an index of their own.
    providerIndex++;
    failure = undefined;
    opened?.store.close();
    opened = undefined;
  }

  /** Chunks with all the words; with some of them where those are too few, or, when meaning is known too, none. */
  function find(store: MemoryStore, terms: readonly string[], limit: number, hybrid: boolean): FoundTexts {
    if (terms.length === 0) return { texts: [], complete: 0 };
    const expression = (joiner: string) =>
      terms.map((term) => (term.length >= 4 ? `"${term}"*` : `"${term}"`)).join(` ${joiner} `);
    const all = store.match(expression("AND"), limit);
    const enough = all.length >= (hybrid ? 1 : limit);
    if (enough || terms.length === 1) return { texts: all, complete: all.length };
    const ids = new Set(all.map(({ id }) => id));
    const some = store.match(expression("OR"), limit).filter(({ id }) => !ids.has(id));
    return { texts: [...all, ...some], complete: all.length };
  }

  function newest(store: MemoryStore, limit: number): StoredChunk[] {
    const ordered = files.toSorted((a, b) =>
      (noteDate(b.path, b.mtime) + b.path).localeCompare(noteDate(a.path, a.mtime) + a.path),
    );
    const chunks: StoredChunk[] = [];
    for (const { path } of ordered) {
      if (chunks.length >= limit) break;
      chunks.push(...store.ofPath(path, limit - chunks.length));
    }
    return chunks;
  }

  async function nearest(
    query: string,
    limit: number,
  ): Promise<{ chunk: StoredChunk; similarity: number }[] | undefined> {
    if (!opened?.vectors || isResting()) return undefined;
    if (embedding) await atMost(embedding, waitForVectorsMs, clock);
    if (!opened?.vectors) return undefined;
    const { store, vectors } = opened;
    const found = await vectors.nearest(query, limit).catch((error: unknown) => failed(error, store));
    if (!found || opened?.store !== store) return undefined;
    const similar = new Map(found.map(({ id, similarity }) => [id, similarity]));
    return store.byIds([...similar.keys()]).map((chunk) => ({ chunk, similarity: similar.get(chunk.id) ?? 0 }));
  }

  function toHit(chunk: StoredChunk, score: number, terms: readonly string[]): MemoryHit {
    const snippet = bestSnippet(chunk, terms);
    const mtime = files.find(({ path }) => path === chunk.path)?.mtime ?? clock.now();
    return {
      path: chunk.path,
      startLine: snippet.startLine,
      endLine: snippet.endLine,
      score,
      date: noteDate(chunk.path, mtime),
      snippet: snippet.text,
    };
  }

  function answer(results: MemoryHit[], mode: MemoryAnswer["mode"], store: MemoryStore, note?: string): MemoryAnswer {
    const used = provider();
    return {
      results,
      mode,
      ...(mode === "hybrid" && used ? { provider: used.id, model: used.model } : {}),
      indexedAt: new Date(syncedAt).toISOString(),
      dirty: used !== undefined && store.pendingCount() > 0,
      ...(note ? { note } : {}),
    };
  }

  return {
    sync,
    async settled() {
      // One may begin while the last ends, when another provider takes over.
      for (let work = embedding; work; work = embedding) await work;
    },
    async search(query, { maxResults = settings.maxResults, minScore } = {}) {
      await sync();
      if (query.trim() === "*") {
        const { store } = await open();
        return answer(
          newest(store, maxResults).map((chunk) => toHit(chunk, 1, [])),
          "full-text",
          store,
        );
      }
      const meaningful = contentWords(query);
      const terms = [...new Set(meaningful.length > 0 ? meaningful : words(query))].slice(0, 32);
      const candidates = Math.min(maxCandidates, maxResults * settings.hybrid.candidateMultiplier);
      const near = terms.length > 0 ? await nearest(query, candidates) : undefined;
      const { store } = await open();
      const { vectorWeight: vector, textWeight: text } = settings.hybrid;
      const ranked = rank({
        terms,
        ...find(store, terms, near ? candidates : maxResults, near !== undefined),
        weights: { vector, text },
        ...(near ? { nearest: near } : {}),
      });
      // Full-text results without all the words are still what the person asked for: nothing better is known.
      const least = minScore ?? (near ? settings.minScore : 0);
      const kept = ranked.filter(({ score }) => score >= least).slice(0, maxResults);
      const hits = kept.map(({ chunk, score }) => toHit(chunk, score, terms));
      if (near) return answer(hits, "hybrid", store);
      return answer(
        hits,
        "full-text",
        store,
        wordsOnly(provider(), settings, isResting() ? failure?.message : undefined),
      );
    },
    close() {
      closing.abort();
      opened?.store.close();
      opened = undefined;
    },
  };
}

function wordsOnly(
  used: EmbeddingProvider | undefined,
  { hybrid }: MemorySettings,
  failure: string | undefined,
): string | undefined {
  if (failure) return `Found by words alone: ${failure}.`;
  if (!hybrid.enabled) return undefined;
  return used
    ? "Found by words alone: the notes have no vectors yet."
    : "Found by words alone: no embedding provider. Try other words too.";
}

/** Resolves with the work, or after a while without it. */
async function atMost(work: Promise<unknown>, ms: number, clock: Clock): Promise<void> {
  let cancel = () => {};
  await Promise.race([work, new Promise<void>((resolve) => (cancel = clock.after(ms, resolve)))]);
  cancel();
}
