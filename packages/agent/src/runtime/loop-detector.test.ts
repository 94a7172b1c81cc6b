import { expect, test } from "vitest";
import { createLoopDetector } from "./loop-detector.ts";

test("the same call in a row is answered with a warning, then ends the turn; another call starts the count anew", () => {
  const detector = createLoopDetector({ warnAt: 3, stopAt: 4 });
  const call = (args: unknown) => detector.before("exec", args).refuse !== undefined;
  expect([call({ a: 1 }), call({ a: 1 }), call({ a: 2 }), call({ a: 1 }), call({ a: 1 })]).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(call({ a: 1 })).toBe(true);
  expect(detector.verdict()).toBeUndefined();
  expect(call({ a: 1 })).toBe(true);
  expect(detector.verdict()).toMatch(/same exec call 4 times/);
});

test("failures in a row end the turn, a success in between does not", () => {
  const detector = createLoopDetector({ maxFailures: 2 });
  detector.after(true);
  detector.after(false);
  detector.after(true);
  expect(detector.verdict()).toBeUndefined();
  detector.after(true);
  expect(detector.verdict()).toMatch(/2 tool calls failed/);
});

test("a turn has a largest number of model calls", () => {
  const detector = createLoopDetector({ maxCalls: 2 });
  detector.modelCall();
  expect(detector.verdict()).toBeUndefined();
  detector.modelCall();
  expect(detector.verdict()).toMatch(/after 2 model calls/);
});
