import fs from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createManualClock } from "../../test/manual-clock.ts";
import { freshEntry, type SessionEntry } from "./session-entry.ts";
import { canonicalSessionKey } from "./session-key.ts";
import { createSessionStore, type SessionJournal, type SessionStoreOptions } from "./session-store.ts";

let dir: string;
let path: string;
let clock: ReturnType<typeof createManualClock>;
beforeEach(() => {
  dir = fs.mkdtempSync(join(os.tmpdir(), "sessions-"));
  path = join(dir, "sessions.json");
  clock = createManualClock(1_000_000);
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const open = (more: Partial<SessionStoreOptions> = {}) =>
  createSessionStore({ path, clock, canonicalKey: (key) => canonicalSessionKey(key), ...more });
const onDisk = (): Record<string, SessionEntry> => JSON.parse(fs.readFileSync(path, "utf8"));
const put = (content: unknown) =>
  fs.writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));

function sqliteJournal(file = join(dir, "state.sqlite")): SessionJournal {
  const db = new DatabaseSync(file);
  db.exec(
    "create table if not exists session(key text primary key, entry text); create table if not exists stamp(value text)",
  );
  return {
    load: () =>
      db
        .prepare("select key, entry from session")
        .all()
        .map((row) => [String(row["key"]), JSON.parse(String(row["entry"]))] as const),
    put: (key, entry) => void db.prepare("insert or replace into session values(?, ?)").run(key, JSON.stringify(entry)),
    delete: (key) => void db.prepare("delete from session where key = ?").run(key),
    stamp: () => db.prepare("select value from stamp").get()?.["value"]?.toString(),
    setStamp: (stamp) => db.exec(`delete from stamp; insert into stamp values('${stamp}')`),
  };
}

describe("the file", () => {
  test("holds the map with two spaces, private, after a rest", async () => {
    const store = open();
    store.upsert("main", { sessionId: "s1", label: "x" });
    expect(fs.existsSync(path)).toBe(false);
    clock.advance(200);
    await store.flush();
    expect(fs.readFileSync(path, "utf8")).toBe(
      `${JSON.stringify({ "agent:main:main": { sessionId: "s1", updatedAt: 1_000_000, label: "x" } }, null, 2)}\n`,
    );
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(dir)).toEqual(["sessions.json"]);
  });

  test("unknown fields stay, old names are renamed, comments are tolerated", async () => {
    put(
      `{ // by hand\n "agent:main:x": {sessionId: "s", updatedAt: 5, provider: "telegram", lastProvider: "slack", room: "#a", custom: {deep: [1]},}, }`,
    );
    const store = open();
    expect(store.problems).toEqual([]);
    store.upsert("x", { label: "y" });
    await store.close();
    expect(onDisk()["agent:main:x"]).toEqual({
      sessionId: "s",
      updatedAt: 1_000_000,
      channel: "telegram",
      lastChannel: "slack",
      groupChannel: "#a",
      custom: { deep: [1] },
      label: "y",
    });
  });

  test("two names of one session are merged: the newer conversation, the older's settings, not its counters", async () => {
    put({
      main: { sessionId: "old", updatedAt: 5, sessionFile: "/old.jsonl", totalTokens: 9, elevatedLevel: "on" },
      "agent:main:main": { sessionId: "new", updatedAt: 6, label: "L" },
    });
    const store = open();
    expect(store.size).toBe(1);
    expect(store.get("main")).toEqual({ sessionId: "new", updatedAt: 6, label: "L", elevatedLevel: "on" });
    expect(store.problems.join()).toContain("merged");
    await store.flush();
    expect(Object.keys(onDisk())).toEqual(["agent:main:main"]);
  });

  test.each(["", "{", "[]", "null", `{"agent:main:main": 7}`, `{"a": {"updatedAt": 1}}`, "\0\0\0"])(
    "unreadable content %j is set aside and named",
    (content) => {
      put(content);
      const store = open();
      expect(store.size).toBe(0);
      expect(store.problems).toHaveLength(1);
      const backup = fs.readdirSync(dir).find((name) => name.includes(".bak.")) ?? "";
      expect(fs.readFileSync(join(dir, backup), "utf8")).toBe(content);
    },
  );

  test("a directory in its place is moved away and named", async () => {
    fs.mkdirSync(join(dir, "sessions.json"));
    const store = open();
    expect(store.problems.join()).toMatch(/cannot be read \(EISDIR\).*\.bak\./);
    store.upsert("main", {});
    await store.flush();
    expect(Object.keys(onDisk())).toEqual(["agent:main:main"]);
  });

  test("what somebody else wrote meanwhile is taken over before the file is replaced", async () => {
    const store = open();
    store.upsert("a", { label: "ours" });
    await store.flush();
    put({ ...onDisk(), "agent:main:theirs": { sessionId: "t", updatedAt: 7 } });
    store.upsert("b", {});
    await store.flush();
    expect(Object.keys(onDisk()).toSorted()).toEqual(["agent:main:a", "agent:main:b", "agent:main:theirs"]);
  });

  test("a recorded store of an existing installation is read, nothing in it is lost", async () => {
    fs.copyFileSync(join(import.meta.dirname, "fixtures/recorded-sessions.json"), path);
    const before = onDisk();
    const store = open();
    expect(store.list().map((row) => row.key)).toEqual([
      "agent:main:main",
      "agent:main:hook:239e922b-0bae-4795-bb4f-04eafc7be0d0",
      "agent:main:cron:a59bbd9f-842c-4842-ae0c-8dc917f15aaf:run:25a49ae3-c991-4223-887f-377e1f38717c",
      "agent:main:cron:a59bbd9f-842c-4842-ae0c-8dc917f15aaf",
      "agent:main:subagent:205ca118-7cff-4461-8acd-42102b2b190f",
    ]);
    await store.close();
    for (const [key, entry] of Object.entries(before))
      if (key !== "main") expect(onDisk()[key]).toMatchObject({ ...entry });
  });
});

describe("entries", () => {
  test("updatedAt never decreases, not even when the clock does", () => {
    const store = open();
    store.upsert("a", {});
    clock.set(5);
    expect(store.upsert("a", { label: "x" }).updatedAt).toBe(1_000_000);
    expect(store.upsert("a", { updatedAt: 7 }).updatedAt).toBe(1_000_000);
    expect(store.upsert("b", {}).updatedAt).toBe(5);
    expect(store.list().map((row) => row.key)).toEqual(["agent:main:a", "agent:main:b"]);
  });

  test("a heartbeat's patch does not keep a session fresh", () => {
    const store = open();
    store.upsert("a", {});
    clock.set(2_000_000);
    expect(store.upsert("a", { lastHeartbeatText: "x" }, { touch: false }).updatedAt).toBe(1_000_000);
  });

  test("null and undefined take a field away, the session id stays", () => {
    const store = open({ newSessionId: () => "made" });
    store.upsert("a", { label: "x", model: "m" });
    expect(
      store.upsert("a", (current) => ({
        label: null,
        model: undefined,
        sessionId: undefined,
        subject: current?.label,
      })),
    ).toEqual({ sessionId: "made", updatedAt: 1_000_000, subject: "x" });
  });

  test("a fresh conversation keeps what survives a reset", () => {
    const entry: SessionEntry = {
      sessionId: "a",
      updatedAt: 9,
      thinkingLevel: "high",
      execHost: "node",
      label: "L",
      totalTokens: 5,
      sessionFile: "/x",
    };
    expect(freshEntry(entry, { sessionId: "b", now: 3, keep: "route" })).toEqual({
      sessionId: "b",
      updatedAt: 9,
      execHost: "node",
      label: "L",
    });
    expect(freshEntry(entry, { sessionId: "b", now: 30, keep: "preferences" })).toEqual({
      sessionId: "b",
      updatedAt: 30,
      execHost: "node",
      label: "L",
      thinkingLevel: "high",
    });
  });
});

describe("listing", () => {
  test("newest first, with limit, activity, search and filter", () => {
    const store = open();
    for (const name of ["a", "b", "c", "d"]) {
      store.upsert(name, { label: `Label ${name.toUpperCase()}` });
      clock.advance(10);
    }
    store.upsert("b", {});
    const keys = (options?: Parameters<typeof store.list>[0]) =>
      store
        .list(options)
        .map((row) => row.key.slice(-1))
        .join("");
    expect(keys()).toBe("bdca");
    expect(keys({ limit: 2 })).toBe("bd");
    expect(keys({ activeSince: 1_000_020 })).toBe("bdc");
    expect(keys({ search: "label A" })).toBe("a");
    expect(keys({ filter: (key) => !key.endsWith("d"), limit: 2 })).toBe("bc");
    store.delete("d");
    expect(keys()).toBe("bca");
    expect(store.find({ label: "Label C" })).toBe("agent:main:c");
    expect(store.find({ sessionId: "none" })).toBeUndefined();
  });
});

describe("with a journal", () => {
  test("an entry survives a kill before the file was written, a deletion too", async () => {
    const store = open({ journal: sqliteJournal() });
    store.upsert("a", { label: "1" });
    store.upsert("b", {});
    await store.flush();
    store.upsert("a", { label: "2" });
    store.delete("b");
    // Killed here: a second store starts on what is on disk.
    const next = open({ journal: sqliteJournal() });
    expect(next.get("a")?.label).toBe("2");
    expect(next.get("b")).toBeUndefined();
    await next.flush();
    expect(Object.keys(onDisk())).toEqual(["agent:main:a"]);
  });

  test("a file that somebody changed wins per key where it is newer", async () => {
    const store = open({ journal: sqliteJournal() });
    store.upsert("a", { label: "ours" });
    store.upsert("b", { label: "ours" });
    await store.flush();
    const edited = onDisk();
    put({
      "agent:main:a": { sessionId: "x", updatedAt: 2_000_000, label: "theirs" },
      "agent:main:b": { ...edited["agent:main:b"], updatedAt: 1, label: "theirs" },
      "agent:main:new": { sessionId: "n", updatedAt: 1 },
    });
    const next = open({ journal: sqliteJournal() });
    expect([next.get("a")?.label, next.get("b")?.label, next.get("new")?.sessionId]).toEqual(["theirs", "ours", "n"]);
  });

  test("an existing file fills an empty journal, a corrupt file is made anew from it", async () => {
    put({ main: { sessionId: "s", updatedAt: 4 } });
    await open({ journal: sqliteJournal() }).close();
    put("{{{{");
    const store = open({ journal: sqliteJournal() });
    expect(store.get("main")?.sessionId).toBe("s");
    expect(store.problems).toHaveLength(1);
    await store.flush();
    expect(onDisk()).toEqual({ "agent:main:main": { sessionId: "s", updatedAt: 4 } });
  });

  test("a renamed main key takes the session along", () => {
    open({ journal: sqliteJournal() }).upsert("main", { label: "M" });
    const renamed = open({
      journal: sqliteJournal(),
      canonicalKey: (key) => canonicalSessionKey(key, { mainKey: "work" }),
    });
    expect(renamed.list().map((row) => [row.key, row.entry.label])).toEqual([["agent:main:work", "M"]]);
  });
});

test("what changes while the file is written is in the next one, and the file is whole in between", async () => {
  const store = open();
  for (let index = 0; index < 400; index += 1) store.upsert(`k${index}`, { note: "x".repeat(2000) });
  const first = store.flush();
  store.upsert("k399", { label: "later" });
  store.delete("k398");
  await first;
  expect(onDisk()["agent:main:k399"]?.sessionId).toBeDefined();
  await store.flush();
  expect(onDisk()["agent:main:k399"]?.label).toBe("later");
  expect(onDisk()["agent:main:k398"]).toBeUndefined();
  expect(fs.readFileSync(path, "utf8")).toBe(`${JSON.stringify(onDisk(), null, 2)}\n`);
});

test("a write that fails is reported and tried again with the next change", async () => {
  const errors: unknown[] = [];
  path = join(dir, "blocked", "sessions.json");
  const store = open({ onWriteError: (error) => errors.push(error) });
  fs.mkdirSync(`${path}.tmp`, { recursive: true });
  store.upsert("a", {});
  await expect(store.flush()).rejects.toThrow(/EISDIR/);
  clock.advance(200);
  await expect.poll(() => errors.length).toBe(1);
  fs.rmSync(`${path}.tmp`, { recursive: true });
  await store.flush();
  expect(Object.keys(onDisk())).toEqual(["agent:main:a"]);
});
