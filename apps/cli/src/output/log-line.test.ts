import { expect, test } from "vitest";
import { formatLogLine } from "./log-line.ts";

const line = (value: object) => formatLogLine(JSON.stringify(value), { color: false });

test("a line shows time, subsystem, message and fields", () => {
  const text = line({
    0: '{"subsystem":"gateway"}',
    1: "ready",
    2: { port: 1 },
    _meta: { logLevelName: "INFO" },
    time: "2026-11-20T10:00:00.000Z",
  });
  expect(text).toMatch(/^\d\d:\d\d:\d\d \[gateway\] ready port=1$/);
});

test("lines of older writers without a subsystem are read too", () => {
  expect(line({ 0: "plain words", _meta: { logLevelName: "WARN" }, time: "2026-11-20T10:00:00.000Z" })).toMatch(
    /WARN \[openclaw\] plain words$/,
  );
});

test("what is no log line is shown as it is, without escapes", () => {
  expect(formatLogLine("boom\u001b[2J", { color: false })).toBe("boom [2J");
});
