import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Clock, Log } from "@openclaw/core";
import { chunkText } from "./chunk.ts";
import { openMemoryDatabase } from "./memory-database.ts";
import { listMemoryFiles, noteDate, type MemoryFile } from "./memory-files.ts";
import { bestSnippet, countTerms } from "./snippet.ts";
import { contentWords, words } from "./words.ts";

export interface MemoryIndexOptions {
  /** Absolute path of the SQLite file. */
  file: string;
  /** Absolute. */
  workspace: string;
  clock: Clock;
  log: Log;
}

export interface MemoryHit {
  /** Relative to the workspace. */
  path: string;
  startLine: number;
  endLine: number;
  /** 0 to 1: mostly the share of the query's words that occur, then the rank among the results. */
  score: number;
  /** `YYYY-MM-DD` */
  date: string;
  /** At most 700 characters. */
  snippet: string;
}

export interface MemoryIndex {
  /** Brings the index up to date with the files, then searches. The query `*` gives the newest notes. */
  search(query: string, options?: { maxResults?: number; minScore?: number }): Promise<MemoryHit[]>;
  /** Reads what has changed on disk. Searching does it too. */
  sync(): Promise<void>;
  close(): void;
}

interface Row {
  path: string;
  startLine: number;
  endLine: number;
  text: string;
}

const model = "fts-only";

/** A full-text index over the memory files of one workspace. */
export function createMemoryIndex({ file, workspace, clock, log }: MemoryIndexOptions): MemoryIndex {
  const database = openMemoryDatabase(file, log);
  const statements = {
    files: database.prepare("SELECT path, hash, mtime, size FROM files WHERE source = 'memory'"),
    putFile: database.prepare(
      "INSERT OR REPLACE INTO files (path, source, hash, mtime, size) VALUES (?, 'memory', ?, ?, ?)",
    ),
    dropFile: database.prepare("DELETE FROM files WHERE path = ? AND source = 'memory'"),
    ids: database.prepare("SELECT rowid AS row FROM chunks_fts WHERE path = ?"),
    dropFts: database.prepare("DELETE FROM chunks_fts WHERE rowid = ?"),
    dropChunks: database.prepare("DELETE FROM chunks WHERE path = ? AND source = 'memory'"),
    putChunk: database.prepare(
      "INSERT OR REPLACE INTO chunks (id, path, source, start_line, end_line, hash, model, text, embedding, updated_at) VALUES (?, ?, 'memory', ?, ?, ?, ?, ?, '[]', ?)",
    ),
    putFts: database.prepare(
      "INSERT INTO chunks_fts (text, id, path, source, model, start_line, end_line) VALUES (?, ?, ?, 'memory', ?, ?, ?)",
    ),
    match: database.prepare(
      "SELECT text, path, start_line, end_line FROM chunks_fts WHERE chunks_fts MATCH ? ORDER BY bm25(chunks_fts), path LIMIT ?",
    ),
    ofPath: database.prepare(
      "SELECT text, path, start_line, end_line FROM chunks WHERE path = ? ORDER BY start_line DESC LIMIT ?",
    ),
  };
  let syncing: Promise<void> | undefined;
  let files: MemoryFile[] = [];

  function forgetChunks(path: string): void {
    for (const { row } of statements.ids.all(path)) if (row !== undefined) statements.dropFts.run(row);
    statements.dropChunks.run(path);
  }

  function store(path: string, text: string): void {
    for (const chunk of chunkText(text)) {
      const chunkHash = sha256(chunk.text);
      const id = sha256(`memory:${path}:${chunk.startLine}:${chunk.endLine}:${chunkHash}:${model}`);
      statements.putChunk.run(id, path, chunk.startLine, chunk.endLine, chunkHash, model, chunk.text, clock.now());
      statements.putFts.run(chunk.text, id, path, model, chunk.startLine, chunk.endLine);
    }
  }

  async function readChanges(): Promise<void> {
    files = await listMemoryFiles(workspace);
    const known = new Map(statements.files.all().map((row) => [String(row["path"]), row]));
    const changes: { file: MemoryFile; known: boolean; hash: string; text?: string }[] = [];
    for (const found of files) {
      const old = known.get(found.path);
      known.delete(found.path);
      if (old && old["mtime"] === found.mtime && old["size"] === found.size) continue;
      // A file that vanished since it was listed is seen as deleted by the next search.
      const text = await readFile(found.absolute, "utf8").catch(() => undefined);
      if (text === undefined) continue;
      const hash = sha256(text);
      changes.push({ file: found, known: old !== undefined, hash, ...(hash === old?.["hash"] ? {} : { text }) });
    }
    if (changes.length === 0 && known.size === 0) return;
    database.exec("BEGIN IMMEDIATE");
    try {
      for (const path of known.keys()) {
        forgetChunks(path);
        statements.dropFile.run(path);
      }
      for (const { file: changed, known: stored, hash, text } of changes) {
        if (text !== undefined && stored) forgetChunks(changed.path);
        if (text !== undefined) store(changed.path, text);
        statements.putFile.run(changed.path, hash, changed.mtime, changed.size);
      }
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Searches that come while a scan runs wait for the next one: theirs may have started before the newest change. */
  function sync(): Promise<void> {
    const next = (syncing ?? Promise.resolve()).catch(() => {}).then(readChanges);
    syncing = next;
    return next;
  }

  function find(terms: readonly string[], joiner: "AND" | "OR", limit: number): Row[] {
    const expression = terms.map((term) => (term.length >= 4 ? `"${term}"*` : `"${term}"`)).join(` ${joiner} `);
    return statements.match.all(expression, limit).map(toRow);
  }

  function newest(limit: number): Row[] {
    const ordered = files.toSorted((a, b) =>
      (noteDate(b.path, b.mtime) + b.path).localeCompare(noteDate(a.path, a.mtime) + a.path),
    );
    const rows: Row[] = [];
    for (const { path } of ordered) {
      if (rows.length >= limit) break;
      rows.push(...statements.ofPath.all(path, limit - rows.length).map(toRow));
    }
    return rows;
  }

  return {
    sync,
    async search(query, { maxResults = 6, minScore = 0 } = {}) {
      await sync();
      const every = query.trim() === "*";
      const meaningful = contentWords(query);
      const terms = [...new Set(meaningful.length > 0 ? meaningful : words(query))].slice(0, 32);
      if (!every && terms.length === 0) return [];
      let rows = every ? newest(maxResults) : find(terms, "AND", maxResults);
      if (!every && rows.length < maxResults && terms.length > 1)
        rows = distinct([...rows, ...find(terms, "OR", maxResults * 4)]);
      const times = new Map(files.map((entry) => [entry.path, entry.mtime]));
      const hits = rows.map((row, index): MemoryHit => {
        const snippet = bestSnippet(row, terms);
        const share = every ? 1 : Math.min(1, countTerms(row.text, terms) / terms.length);
        return {
          path: row.path,
          startLine: snippet.startLine,
          endLine: snippet.endLine,
          score: Math.round((0.8 * share + 0.2 / (1 + index)) * 1000) / 1000,
          date: noteDate(row.path, times.get(row.path) ?? clock.now()),
          snippet: snippet.text,
        };
      });
      const wanted = hits.filter((hit) => hit.score >= minScore);
      return (every ? wanted : wanted.toSorted((a, b) => b.score - a.score)).slice(0, maxResults);
    },
    close: () => database.close(),
  };
}

function toRow(row: Record<string, unknown>): Row {
  return {
    path: String(row["path"]),
    startLine: Number(row["start_line"]),
    endLine: Number(row["end_line"]),
    text: String(row["text"]),
  };
}

function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [`${row.path}:${row.startLine}:${row.endLine}:${row.text}`, row])).values()];
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
