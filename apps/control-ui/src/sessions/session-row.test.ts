import { expect, test } from "vitest";
import { canonicalKey, plainKey, readSessionList } from "./session-row.ts";

test("titles come from the label, the platform's name, the first words, then the key", () => {
  const { rows } = readSessionList({
    sessions: [
      { key: "agent:main:a", label: "Trip", displayName: "x", updatedAt: 5 },
      { key: "agent:main:telegram:group:-1", displayName: "Family" },
      { key: "agent:main:b", derivedTitle: "[Fri 2026-11-20 13:36 UTC] Plan the week [message_id: w1]" },
      { key: "agent:work:telegram:dm:42", lastChannel: "telegram" },
      { key: "agent:main:main", derivedTitle: "hello", lastChannel: "webchat" },
      { nokey: true },
    ],
    defaults: { modelProvider: "offline", model: "rules", contextTokens: 1 },
  });
  expect(rows.map((row) => row.title)).toEqual([
    "Trip",
    "Family",
    "Plan the week",
    "work: telegram dm 42",
    "Main chat",
  ]);
  expect(rows.map((row) => row.channel)).toEqual([undefined, undefined, undefined, "telegram", undefined]);
});

test("an answer of an unexpected shape is an empty list", () => {
  expect(readSessionList(null)).toEqual({ rows: [], provider: undefined, model: undefined });
  expect(readSessionList({ sessions: "x", defaults: 3 }).rows).toEqual([]);
});

test("keys have one form", () => {
  expect(canonicalKey("main", "main")).toBe("agent:main:main");
  expect(canonicalKey("agent:work:x", "main")).toBe("agent:work:x");
  expect(canonicalKey("global", "main")).toBe("global");
  expect(plainKey("agent:main:chat-1234abcd")).toBe("New chat");
});
