import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Inbound } from "@openclaw/core";
import { OpenClawError } from "@openclaw/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { type Store, openStore } from "./store.ts";
import type { TurnRequest } from "./turns.ts";

let dir: string;
let store: Store;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "store-"));
  store = openStore(join(dir, "state", "openclaw.sqlite"));
});
afterEach(() => {
  store.database.close();
  rmSync(dir, { recursive: true });
});

const message = (key: string): Inbound => ({
  key,
  kind: "message",
  target: "1",
  chat: { kind: "direct", id: "1" },
  sender: { id: "1" },
  messageId: "1",
  timestamp: 1,
  text: "hi",
});
const request = (runId: string): TurnRequest => ({
  runId,
  sessionKey: "agent:main:main",
  displayKey: "main",
  agentId: "main",
  source: "channel",
  text: "hi",
  body: "hi",
  origin: { provider: "telegram", chatType: "direct" },
});
const outgoing = (turnId: string, seq: number) => ({
  turnId,
  seq,
  channel: "telegram",
  account: "default",
  target: "1",
  purpose: "reply" as const,
  message: { text: "answer" },
});

test("the file and its directory are readable by their owner alone", () => {
  expect(statSync(store.database.path).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, "state")).mode & 0o777).toBe(0o700);
});

test("a redelivered event is taken once for each account", () => {
  expect(store.inbox.accept("telegram", "default", message("update:1"), 1)).toBeDefined();
  expect(store.inbox.accept("telegram", "default", message("update:1"), 2)).toBeUndefined();
  expect(store.inbox.accept("telegram", "second", message("update:1"), 3)).toBeDefined();
  expect(store.inbox.pending()).toHaveLength(2);
});

test("an event that became part of a turn is not pending, and its key still refuses a redelivery", () => {
  const row = store.inbox.accept("telegram", "default", message("update:1"), 1);
  store.inbox.assign([row?.id ?? 0], "run-1");
  expect(store.inbox.pending()).toEqual([]);
  expect(store.inbox.accept("telegram", "default", message("update:1"), 2)).toBeUndefined();
});

test("a transaction that fails leaves nothing behind", () => {
  expect(() =>
    store.database.transaction(() => {
      store.turns.add(request("run-1"), 1);
      store.outbox.add([outgoing("run-1", 0)], 1);
      throw new Error("halfway");
    }),
  ).toThrow("halfway");
  expect(store.turns.get("run-1")).toBeUndefined();
  expect(store.outbox.open()).toEqual([]);
});

test("the same part of the same turn is one ledger row", () => {
  expect(store.outbox.add([outgoing("run-1", 0), outgoing("run-1", 1)], 1).map(({ id }) => id)).toEqual([
    "run-1:0",
    "run-1:1",
  ]);
  expect(store.outbox.add([outgoing("run-1", 0)], 2)).toEqual([]);
  expect(store.outbox.open()).toHaveLength(2);
});

test("what was open before is open after the file was opened again", () => {
  store.turns.add(request("queued"), 1);
  store.turns.add(request("running"), 2);
  store.turns.start("running", 3);
  store.turns.add(request("done"), 4);
  store.turns.end("done", "ok", { payloads: [] }, 5);
  store.outbox.add([outgoing("done", 0), outgoing("done", 1)], 5);
  store.outbox.sending("done:0", 6);
  store.database.close();

  store = openStore(store.database.path);
  expect(store.turns.open().map(({ request: { runId }, state, starts }) => ({ runId, state, starts }))).toEqual([
    { runId: "queued", state: "queued", starts: 0 },
    { runId: "running", state: "running", starts: 1 },
  ]);
  expect(store.outbox.open().map(({ id, state, attempts }) => ({ id, state, attempts }))).toEqual([
    { id: "done:0", state: "sending", attempts: 1 },
    { id: "done:1", state: "queued", attempts: 0 },
  ]);
});

test("a session hears of the same thing once in a row, and of the newest twenty things", () => {
  for (let index = 0; index < 25; index++) store.systemEvents.add("s", `event ${index}`, index);
  store.systemEvents.add("s", "event 24", 30);
  const texts = store.systemEvents.drain("s").map(({ text }) => text);
  expect(texts).toHaveLength(20);
  expect(texts[0]).toBe("event 5");
  expect(store.systemEvents.drain("s")).toEqual([]);
});

test("a store of a newer version is refused with the way out", () => {
  store.database.sql.exec("PRAGMA user_version = 99");
  store.database.close();
  const open = () => openDatabase(store.database.path);
  expect(open).toThrow(expect.objectContaining({ code: "STORE_TOO_NEW" }) as Error);
});

test("a file that is no database is refused by name", () => {
  const path = join(dir, "other.sqlite");
  rmSync(path, { force: true });
  // Longer than a header, so that SQLite looks at it.
  writeFileSync(path, "not a database ".repeat(200));
  try {
    openDatabase(path);
    expect.unreachable();
  } catch (error) {
    expect(OpenClawError.is(error) && error.code).toBe("STORE_CORRUPT");
    expect((error as Error).message).toContain(path);
  }
});
