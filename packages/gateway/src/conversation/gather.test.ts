import type { Inbound } from "@openclaw/core";
import { createFakeClock } from "@openclaw/testkit";
import { beforeEach, expect, test } from "vitest";
import type { InboxRow } from "../store/inbox.ts";
import { type Gather, createGather } from "./gather.ts";

let clock: ReturnType<typeof createFakeClock>;
let gather: Gather;
let groups: string[][];
let restMs: number;

beforeEach(() => {
  clock = createFakeClock();
  groups = [];
  restMs = 0;
  const complete = (rows: InboxRow[]) => groups.push(rows.map(({ message }) => message.text));
  gather = createGather({ clock, complete, restMs: () => restMs });
});

let id = 0;
function add(text: string, message: Partial<Inbound> = {}): void {
  const chat = { kind: "direct" as const, id: "1" };
  const base: Inbound = {
    key: String(++id),
    kind: "message",
    target: "1",
    chat,
    sender: { id: "7" },
    messageId: String(id),
    timestamp: 1,
    text,
  };
  const row: InboxRow = { id, channel: "c", account: "a", receivedAt: 1, message: { ...base, ...message } };
  gather.add(row);
}

test("a message on its own goes on at once", () => {
  add("hello");
  expect(groups).toEqual([["hello"]]);
});

test("the parts of an album are handed on together once no more come", async () => {
  add("one", { albumId: "x" });
  await clock.advance(400);
  add("two", { albumId: "x" });
  await clock.advance(499);
  expect(groups).toEqual([]);
  await clock.advance(1);
  expect(groups).toEqual([["one", "two"]]);
});

test("a text that the client cut is joined, and its last part ends the wait", () => {
  add("a".repeat(10), { part: { sequence: 5, full: true } });
  add("b".repeat(10), { part: { sequence: 6, full: true } });
  add("the end", { part: { sequence: 7, full: false } });
  expect(groups).toEqual([["aaaaaaaaaa", "bbbbbbbbbb", "the end"]]);
});

test("a long text without a continuation is handed on after the gap", async () => {
  add("long", { part: { sequence: 5, full: true } });
  await clock.advance(1_500);
  expect(groups).toEqual([["long"]]);
});

test("what does not continue the number ends the wait and stands alone", () => {
  add("long", { part: { sequence: 5, full: true } });
  add("something else", { part: { sequence: 9, full: false } });
  expect(groups).toEqual([["long"], ["something else"]]);
});

test("another person's message is not joined", () => {
  add("long", { part: { sequence: 5, full: true } });
  add("mine", { part: { sequence: 6, full: false }, sender: { id: "8" } });
  expect(groups).toEqual([["mine"]]);
});

test("no more than twelve parts and fifty thousand characters are joined", () => {
  for (let sequence = 1; sequence <= 12; sequence++) add("x", { part: { sequence, full: true } });
  expect(groups[0]).toHaveLength(12);
  groups.length = 0;
  add("y".repeat(49_990), { part: { sequence: 1, full: true } });
  add("z".repeat(20), { part: { sequence: 2, full: true } });
  expect(groups.map((parts) => parts.length)).toEqual([1]);
});

test("with a rest, what one person writes in a row becomes one message once they are quiet", async () => {
  restMs = 2_000;
  add("hello");
  await clock.advance(1_900);
  add("one more thing");
  add("me too", { sender: { id: "8" } });
  await clock.advance(1_999);
  expect(groups).toEqual([]);
  await clock.advance(1);
  expect(groups).toEqual([["hello", "one more thing"], ["me too"]]);
});

test("files, commands and stop words do not rest, and what rested goes before them", () => {
  restMs = 2_000;
  add("look");
  add("", { media: [{ kind: "image", ref: "r" }] });
  add("and");
  add("/status");
  add("hm");
  add("stop");
  expect(groups).toEqual([["look"], [""], ["and"], ["/status"], ["hm"], ["stop"]]);
});

test("a text that the client cut rests as one", async () => {
  restMs = 2_000;
  add("aaaa", { part: { sequence: 5, full: true } });
  add("bbbb", { part: { sequence: 6, full: false } });
  expect(groups).toEqual([]);
  await clock.advance(2_000);
  expect(groups).toEqual([["aaaa", "bbbb"]]);
});
