import { expect, test } from "vitest";
import { formatClock, formatDay, formatDuration, formatWhen } from "./relative-time.ts";

const now = new Date(2026, 10, 20, 15, 0).getTime();
const ago = (minutes: number) => now - minutes * 60_000;

test("the near past is told in minutes, the rest of the day by the clock", () => {
  expect(formatWhen(now, now)).toBe("just now");
  expect(formatWhen(ago(5), now)).toBe("5 min ago");
  expect(formatWhen(ago(180), now, "en-GB")).toBe("12:00");
  expect(formatClock(ago(180), "en-GB")).toBe("12:00");
});

test("days have names as long as they are clear", () => {
  expect(formatDay(now, now)).toBe("Today");
  expect(formatDay(ago(24 * 60), now)).toBe("Yesterday");
  expect(formatDay(ago(3 * 24 * 60), now, "en-GB")).toBe("Tuesday");
  expect(formatDay(ago(30 * 24 * 60), now, "en-GB")).toBe("21 October");
  expect(formatDay(ago(400 * 24 * 60), now, "en-GB")).toBe("16 October 2025");
});

test("durations have at most two units", () => {
  expect(formatDuration(40_000)).toBe("40 s");
  expect(formatDuration(12 * 60_000)).toBe("12 min");
  expect(formatDuration(2 * 3_600_000 + 5 * 60_000)).toBe("2 h 5 min");
  expect(formatDuration(3 * 86_400_000)).toBe("3 d");
});
