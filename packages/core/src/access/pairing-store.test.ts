import fs from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createManualClock } from "../../test/manual-clock.ts";
import { createPairingStore, type PairingStoreOptions } from "./pairing-store.ts";

const start = Date.parse("2026-11-20T13:29:14.669Z");
let dir: string;
let clock: ReturnType<typeof createManualClock>;
beforeEach(() => {
  dir = join(fs.mkdtempSync(join(os.tmpdir(), "pairing-")), "credentials");
  clock = createManualClock(start);
});
afterEach(() => fs.rmSync(join(dir, ".."), { recursive: true, force: true }));

const open = (more: Partial<PairingStoreOptions> = {}) =>
  createPairingStore({ dir, channel: "telegram", clock, normalize: (id) => id.replace(/^tg:/, ""), ...more });
const json = (name: string): unknown => JSON.parse(fs.readFileSync(join(dir, name), "utf8"));

test("a stranger gets one code, kept in the known format and private", () => {
  const store = open();
  const made = store.request({ id: "123", meta: { username: "alice", age: 5 } });
  expect(made).toEqual({ status: "created", code: expect.stringMatching(/^[A-HJ-NP-Z2-9]{8}$/) });
  clock.advance(1000);
  expect(store.request({ id: "tg:123" })).toEqual({ ...made, status: "pending" });
  expect(json("telegram-pairing.json")).toEqual({
    version: 1,
    requests: [
      {
        id: "123",
        code: "code" in made && made.code,
        createdAt: "2026-11-20T13:29:14.669Z",
        lastSeenAt: "2026-11-20T13:29:15.669Z",
        meta: { username: "alice" },
      },
    ],
  });
  expect(fs.statSync(join(dir, "telegram-pairing.json")).mode & 0o777).toBe(0o600);
  expect(fs.statSync(dir).mode & 0o777).toBe(0o700);
  expect(fs.readdirSync(dir)).toEqual(["telegram-pairing.json"]);
});

test("a fourth stranger waits in silence until a place is free after an hour", () => {
  const store = open();
  for (const id of ["1", "2", "3"]) expect(store.request({ id }).status).toBe("created");
  expect(store.request({ id: "4" })).toEqual({ status: "full" });
  clock.advance(60 * 60 * 1000 - 1);
  expect(store.pending()).toHaveLength(3);
  clock.advance(1);
  expect(store.pending()).toEqual([]);
  expect(store.request({ id: "4" }).status).toBe("created");
});

test("rejection forgets the request, allows nobody, and lets the person ask again", () => {
  const store = open();
  const made = store.request({ id: "tg:42" });
  if (made.status !== "created") throw new Error("no code");
  expect(store.reject("WRONG234")).toBeUndefined();
  expect(store.reject(made.code.toLowerCase())?.id).toBe("tg:42");
  expect(store.pending()).toEqual([]);
  expect(store.allowFrom()).toEqual([]);
  expect(store.request({ id: "tg:42" }).status).toBe("created");
});

test("approval moves the id to the allow list, in any letter case, once", () => {
  const store = open();
  const made = store.request({ id: "tg:42" });
  if (made.status !== "created") throw new Error("no code");
  expect(store.approve("WRONG234")).toBeUndefined();
  expect(store.approve(` ${made.code.toLowerCase()} `)?.id).toBe("tg:42");
  expect(store.approve(made.code)).toBeUndefined();
  expect(json("telegram-allowFrom.json")).toEqual({ version: 1, allowFrom: ["42"] });
  expect(store.allow("tg:42")).toBe(false);
  expect(store.disallow("42")).toBe(true);
  expect(store.allowFrom()).toEqual([]);
});

test("an expired code approves nobody", () => {
  const store = open();
  const made = store.request({ id: "42" });
  clock.advance(60 * 60 * 1000);
  expect(store.approve("code" in made ? made.code : "")).toBeUndefined();
  expect(store.allowFrom()).toEqual([]);
});

test("an approval by another process is seen at once", () => {
  const gateway = open();
  expect(gateway.allowFrom()).toEqual([]);
  open().allow("7");
  expect(gateway.allowFrom()).toEqual(["7"]);
});

test("two strangers never share a code", () => {
  const digits = [...Array<number>(16).fill(0), ...Array<number>(8).fill(1)];
  const store = open({ random: () => digits.shift() ?? 2 });
  expect(store.request({ id: "1" })).toMatchObject({ code: "AAAAAAAA" });
  expect(store.request({ id: "2" })).toMatchObject({ code: "BBBBBBBB" });
});

test.each(["", "*", " ", "x".repeat(300)])("the id %j is refused", (id) => {
  expect(open().request({ id })).toEqual({ status: "refused" });
});

test.each(["", "{", "[]", "null", `{"version":1}`, `{"allowFrom":"*"}`])(
  "an unreadable allow list %j allows nobody and is set aside",
  (content) => {
    fs.mkdirSync(dir);
    fs.writeFileSync(join(dir, "telegram-allowFrom.json"), content);
    const problems: string[] = [];
    const store = open({ onProblem: (sentence) => problems.push(sentence) });
    expect([store.allowFrom(), store.allowFrom(), problems.length]).toEqual([[], [], 1]);
    expect(fs.readdirSync(dir)).toHaveLength(2);
  },
);

test("a wildcard written by hand into the allow list is not read", () => {
  fs.mkdirSync(dir);
  fs.writeFileSync(join(dir, "telegram-allowFrom.json"), `{"version":1,"allowFrom":["*","tg:42",7]}`);
  expect(open().allowFrom()).toEqual(["tg:42", "7"]);
});

test("a channel id cannot lead out of the folder", () => {
  expect(() => open({ channel: "../x" })).toThrow(/cannot name a pairing file/);
});
