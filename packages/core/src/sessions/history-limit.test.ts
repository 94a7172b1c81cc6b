import { expect, test } from "vitest";
import { historyLimit, lastUserTurns } from "./history-limit.ts";

test.each([
  ["agent:main:telegram:dm:42", 30],
  ["agent:main:telegram:dm:7", 5],
  ["agent:main:telegram:default:dm:7:thread:1", 5],
  ["agent:main:main", undefined],
  ["agent:main:telegram:group:-1", undefined],
])("%s sees %s turns", (key, turns) => {
  expect(historyLimit(key, { dmHistoryLimit: 30, dms: { "7": { historyLimit: 5 } } })).toBe(turns);
});

test("a turn is the user's message with all that followed it", () => {
  const messages = ["user", "assistant", "user", "assistant", "toolResult", "assistant", "user"].map((role) => ({
    role,
  }));
  expect(lastUserTurns(messages, 2).map((message) => message.role)).toEqual([
    "user",
    "assistant",
    "toolResult",
    "assistant",
    "user",
  ]);
  expect(lastUserTurns(messages, 9)).toHaveLength(7);
});
