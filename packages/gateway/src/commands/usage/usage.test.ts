import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTranscriptCosts } from "./transcript-costs.ts";
import { usageFooter } from "./usage-footer.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "usage-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const NOON = Date.UTC(2026, 10, 20, 12);
const HOUR = 60 * 60_000;
const answer = (at: number, cost: number) =>
  `${JSON.stringify({ type: "message", timestamp: new Date(at).toISOString(), message: { role: "assistant", timestamp: at, usage: { input: 100, output: 10, cacheRead: 900, cacheWrite: 0, cost: { total: cost } } } })}\n`;

test("adds up what answers took, by time, over all transcripts", async () => {
  const costs = createTranscriptCosts();
  const [one, other] = [join(dir, "one.jsonl"), join(dir, "other.jsonl")];
  writeFileSync(one, `{"type":"session"}\n${answer(NOON - 48 * HOUR, 1)}${answer(NOON, 0.25)}`);
  writeFileSync(other, answer(NOON - HOUR, 0.5));
  expect(await costs.ofFile(one)).toEqual({ input: 2_000, output: 20, cost: 1.25, answers: 2 });
  expect(await costs.since([dir, join(dir, "missing")], NOON - 2 * HOUR)).toEqual({
    input: 2_000,
    output: 20,
    cost: 0.75,
    answers: 2,
  });
});

test("reads only what was added, also while it is asked twice at once", async () => {
  const costs = createTranscriptCosts();
  const file = join(dir, "one.jsonl");
  writeFileSync(file, answer(NOON, 1));
  expect((await costs.ofFile(file)).answers).toBe(1);
  appendFileSync(file, answer(NOON, 1));
  const [one, two] = await Promise.all([costs.ofFile(file), costs.ofFile(file)]);
  expect([one.answers, two.answers]).toEqual([2, 2]);
});

test("counts archived transcripts, and starts over when a file became shorter", async () => {
  const costs = createTranscriptCosts();
  const file = join(dir, "one.jsonl");
  writeFileSync(file, answer(NOON, 1) + answer(NOON, 1));
  expect((await costs.ofFile(file)).cost).toBe(2);
  writeFileSync(file, answer(NOON, 3));
  expect((await costs.ofFile(file)).cost).toBe(3);
  renameSync(file, `${file}.deleted.2026-11-20T12-00-00.000Z`);
  expect((await costs.since([dir], NOON - HOUR)).cost).toBe(3);
});

test("passes over files that are too old to matter, damaged lines, and answers that no model made", async () => {
  const costs = createTranscriptCosts();
  const old = join(dir, "old.jsonl");
  writeFileSync(old, answer(NOON, 5));
  utimesSync(old, new Date(NOON - 100 * HOUR), new Date(NOON - 100 * HOUR));
  writeFileSync(
    join(dir, "new.jsonl"),
    `{"usage": broken\n${answer(NOON, 1).replaceAll(/"(input|output|cacheRead)":\d+/g, '"$1":0')}${answer(NOON, 2)}`,
  );
  expect(await costs.since([dir], NOON - HOUR)).toEqual({ input: 1_000, output: 10, cost: 2, answers: 1 });
});

const result = {
  provider: "anthropic",
  model: "opus-4",
  usage: { input: 1_200, output: 345, cacheRead: 8_000, cacheWrite: 0, total: 9_545, cost: 0.0123 },
};

test.each([
  ["tokens", "Usage: 9.2k in / 345 out"],
  ["full", "Usage: 9.2k in / 345 out (8.0k from cache) · $0.01 · anthropic/opus-4"],
  ["off", undefined],
  [undefined, undefined],
])("the footer at level %s is %s", (level, footer) => expect(usageFooter(level, result)).toBe(footer));

test("an answer without tokens has no footer", () => {
  expect(
    usageFooter("full", { ...result, usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0, cost: 0 } }),
  ).toBeUndefined();
});
