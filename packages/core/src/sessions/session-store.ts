import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { createRecencyList } from "./recency-list.ts";
import { type SessionEntry, withoutTranscriptFields } from "./session-entry.ts";
import { quickStamp, readSessionsFile, writeSessionsFile } from "./sessions-file.ts";

/**
 * Durable mirror of the store, e.g. a table. Each call has taken effect when it returns, so that an entry survives a
 * kill before `sessions.json` was written anew.
 */
export interface SessionJournal {
  load(): Iterable<readonly [key: string, entry: SessionEntry]>;
  put(key: string, entry: SessionEntry): void;
  delete(key: string): void;
  /** Stamp of the `sessions.json` that was written last from this journal. */
  stamp(): string | undefined;
  setStamp(stamp: string): void;
}

export interface SessionStoreOptions {
  /** Absolute path of `sessions.json`. It need not exist. */
  path: string;
  clock: Clock;
  /** Applied to every key that comes in, from callers and from the file. Default: keys as they are. */
  canonicalKey?: (key: string) => string;
  journal?: SessionJournal;
  /** Rest between a change and the file. Default 2000 ms with a journal, 200 ms without. */
  writeDelayMs?: number;
  newSessionId?: () => string;
  /** Told when writing the file failed; the next change tries again. */
  onWriteError?: (error: unknown) => void;
}

export interface ListOptions {
  limit?: number;
  /** Epoch ms; sessions without activity since are left out. */
  activeSince?: number;
  /** Case-insensitive part of key, label, display name, subject or session id. */
  search?: string;
  filter?: (key: string, entry: Readonly<SessionEntry>) => boolean;
}

/** Fields to change. `undefined` and `null` take a field away. */
export type SessionPatch = { [Field in keyof SessionEntry]?: SessionEntry[Field] | null };

export interface SessionStore {
  readonly size: number;
  /** What loading had to leave out or merge. Sentences. */
  readonly problems: readonly string[];
  get(key: string): Readonly<SessionEntry> | undefined;
  /**
   * Merges into the entry, or creates it. `updatedAt` becomes now (or the patch's, when later than what was); with
   * `touch: false` it stays, as heartbeats need. Returns the new entry; entries are never changed in place.
   */
  upsert(
    key: string,
    patch: SessionPatch | ((current: Readonly<SessionEntry> | undefined) => SessionPatch),
    options?: { touch?: boolean },
  ): Readonly<SessionEntry>;
  delete(key: string): boolean;
  /** Newest first. Costs what it looks at, not what is stored. */
  list(options?: ListOptions): { key: string; entry: Readonly<SessionEntry> }[];
  /** Canonical key of the session with this id or label. */
  find(by: { sessionId: string } | { label: string }): string | undefined;
  /** Resolves when `sessions.json` holds every change made so far. Rejects with the file system's error. */
  flush(): Promise<void>;
  /** Flushes and stops the timer. */
  close(): Promise<void>;
}

export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const {
    path,
    clock,
    journal,
    canonicalKey = (key) => key,
    newSessionId = randomUUID,
    onWriteError = () => {},
  } = options;
  const writeDelay = options.writeDelayMs ?? (journal ? 2000 : 200);
  const entries = new Map<string, SessionEntry>();
  const recency = createRecencyList();
  /** JSON text of each entry as it stands in the file; writing out makes only the changed ones anew. */
  const texts = new Map<string, string>();
  const problems: string[] = [];
  let fileStamp: string | undefined;
  let dirty = false;
  let cancelTimer: (() => void) | undefined;
  let writing = Promise.resolve();
  let lastWriteMs = 0;

  function store(key: string, entry: SessionEntry): void {
    entries.set(key, entry);
    texts.delete(key);
    recency.touch(key, entry.updatedAt);
    journal?.put(key, entry);
    changed();
  }

  function remove(key: string): boolean {
    if (!entries.delete(key)) return false;
    texts.delete(key);
    recency.delete(key);
    journal?.delete(key);
    changed();
    return true;
  }

  function changed(): void {
    dirty = true;
    cancelTimer ??= clock.after(Math.max(writeDelay, lastWriteMs * 20), () => {
      cancelTimer = undefined;
      write().catch(onWriteError);
    });
  }

  function load(): void {
    for (const [rawKey, entry] of journal?.load() ?? []) {
      const key = canonicalKey(rawKey);
      if (key !== rawKey) journal?.delete(rawKey);
      const twin = entries.get(key);
      if (key !== rawKey || twin) {
        store(key, twin ? mergeTwins(twin, entry) : entry);
      } else {
        entries.set(key, entry);
        recency.touch(key, entry.updatedAt);
      }
    }
    const file = readSessionsFile(path, clock.now());
    problems.push(...file.problems);
    fileStamp = file.stamp;
    // The file is our own last export: the journal knows everything in it and what was deleted since.
    if (journal && file.stamp !== undefined && file.stamp === journal.stamp()) {
      if (file.entries.size !== entries.size) changed();
      return;
    }
    absorb(file.entries);
    if (entries.size !== file.entries.size) changed();
  }

  /** Takes over what the file says, per key the newer. */
  function absorb(fromFile: ReadonlyMap<string, SessionEntry>): void {
    const seen = new Map<string, SessionEntry>();
    for (const [rawKey, entry] of fromFile) {
      const key = canonicalKey(rawKey);
      const twin = seen.get(key);
      seen.set(key, twin ? mergeTwins(twin, entry) : entry);
      if (twin) problems.push(`${path}: ${rawKey} and another name of ${key} were merged; both transcripts are kept`);
      if (key !== rawKey) changed();
    }
    for (const [key, entry] of seen) {
      const ours = entries.get(key);
      if (!ours || entry.updatedAt > ours.updatedAt) store(key, entry);
      else if (ours.updatedAt > entry.updatedAt) changed();
    }
  }

  /** One write at a time; whoever asks meanwhile waits for the next one. */
  function write(): Promise<void> {
    const next = writing.then(writeNow);
    writing = next.catch(() => {});
    return next;
  }

  async function writeNow(): Promise<void> {
    if (!dirty) return;
    const started = performance.now();
    const now = quickStamp(path);
    if (now !== undefined && !fileStamp?.startsWith(`${now}:`)) absorb(readSessionsFile(path, clock.now()).entries);
    dirty = false;
    try {
      fileStamp = await writeSessionsFile(path, serialise([...entries]));
      journal?.setStamp(fileStamp);
    } catch (error) {
      changed();
      throw error;
    }
    lastWriteMs = performance.now() - started;
  }

  /** Of a snapshot: entries change while it is written, and the next write takes those. */
  function* serialise(snapshot: readonly (readonly [string, SessionEntry])[]): Generator<string> {
    let before = "{\n";
    for (const [key, entry] of snapshot) {
      let text = entries.get(key) === entry ? texts.get(key) : undefined;
      if (text === undefined) {
        text = `  ${JSON.stringify(key)}: ${JSON.stringify(entry, null, 2).replaceAll("\n", "\n  ")}`;
        if (entries.get(key) === entry) texts.set(key, text);
      }
      yield before + text;
      before = ",\n";
    }
    yield snapshot.length === 0 ? "{}\n" : "\n}\n";
  }

  load();
  return {
    get size() {
      return entries.size;
    },
    problems,
    get: (key) => entries.get(canonicalKey(key)),
    upsert(rawKey, patch, { touch = true } = {}) {
      const key = canonicalKey(rawKey);
      const current = entries.get(key);
      const { updatedAt, ...fields } = typeof patch === "function" ? patch(current) : patch;
      const merged: SessionEntry = { ...(current ?? { sessionId: newSessionId(), updatedAt: 0 }) };
      for (const [field, value] of Object.entries(fields)) {
        if (value !== undefined && value !== null) merged[field] = value;
        else if (field !== "sessionId") delete merged[field];
      }
      const time = touch || !current ? (updatedAt ?? clock.now()) : current.updatedAt;
      merged.updatedAt = Math.max(time, current?.updatedAt ?? 0);
      store(key, merged);
      return merged;
    },
    delete: (key) => remove(canonicalKey(key)),
    list({ limit = Number.POSITIVE_INFINITY, activeSince, search, filter } = {}) {
      const rows: { key: string; entry: Readonly<SessionEntry> }[] = [];
      const wanted = search?.trim().toLowerCase();
      for (const key of recency.newestFirst()) {
        if (rows.length >= limit) break;
        const entry = entries.get(key);
        if (!entry) continue;
        if (activeSince !== undefined && entry.updatedAt < activeSince) break;
        if (wanted && !matches(key, entry, wanted)) continue;
        if (!filter || filter(key, entry)) rows.push({ key, entry });
      }
      return rows;
    },
    find(by) {
      for (const [key, entry] of entries) {
        if ("label" in by ? entry.label === by.label : entry.sessionId === by.sessionId) return key;
      }
      return undefined;
    },
    flush: write,
    async close() {
      cancelTimer?.();
      cancelTimer = undefined;
      await write();
    },
  };
}

/** Two names of one session: the newer conversation goes on, and the older gives what the newer does not say. */
function mergeTwins(one: SessionEntry, other: SessionEntry): SessionEntry {
  const [newer, older] = one.updatedAt > other.updatedAt ? [one, other] : [other, one];
  return { ...(older.sessionId === newer.sessionId ? older : withoutTranscriptFields(older)), ...newer };
}

function matches(key: string, entry: SessionEntry, wanted: string): boolean {
  return [key, entry.label, entry.displayName, entry.subject, entry.sessionId].some((text) =>
    text?.toLowerCase().includes(wanted),
  );
}
