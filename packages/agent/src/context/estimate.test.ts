import type { TranscriptEntry } from "@openclaw/core/sessions";
import { expect, test } from "vitest";
import { measuredTokens, promptTokens, textTokens } from "./estimate.ts";

const entry = (id: string, parentId: string | null, rest: Record<string, unknown>): TranscriptEntry => ({
  type: "message",
  id,
  parentId,
  timestamp: new Date(0).toISOString(),
  ...rest,
});
const answer = (totalTokens: number) => ({ message: { role: "assistant", content: [], usage: { totalTokens } } });
const question = { message: { role: "user", content: "x".repeat(400) } };

test("the provider's count holds, with what came after it", () => {
  expect(measuredTokens([entry("a", null, answer(5000)), entry("b", "a", question)])).toBe(5106);
  expect(measuredTokens([entry("a", null, question)])).toBeUndefined();
});

test("counts from before a compaction are about another conversation", () => {
  const compaction = entry("c", "b", { type: "compaction", summary: "", firstKeptEntryId: "b" });
  const kept = entry("b", "a", answer(150_000));
  expect(measuredTokens([compaction, kept])).toBeUndefined();
  expect(measuredTokens([compaction, kept, entry("d", "c", question)])).toBeUndefined();
  expect(measuredTokens([compaction, kept, entry("d", "c", answer(700))])).toBe(700);
});

test("a server that counts nothing sensible is not believed", () => {
  expect(promptTokens(9000, 15)).toBe(9000);
  expect(promptTokens(9000, 7000)).toBe(7000);
  expect(promptTokens(9000, undefined)).toBe(9000);
});

test("scripts of more bytes weigh more", () => {
  expect([textTokens("abcd".repeat(100)), textTokens("привет".repeat(100)), textTokens("漢字".repeat(100))]).toEqual([
    100, 300, 150,
  ]);
});
