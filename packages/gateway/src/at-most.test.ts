import { systemClock } from "@openclaw/core";
import { createFakeClock } from "@openclaw/testkit";
import { expect, test } from "vitest";
import { atMost } from "./at-most.ts";

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("work that is done leaves no timer that would keep the process alive", async () => {
  const before = timers();
  await atMost(600_000, Promise.resolve(), systemClock);
  await atMost(600_000, Promise.reject(new Error("no")), systemClock).catch(() => {});
  expect(timers()).toBe(before);
});

test("work that takes too long is not waited for", async () => {
  const clock = createFakeClock();
  let over = false;
  const waiting = atMost(1000, new Promise(() => {}), clock).then(() => (over = true));
  await clock.advance(999);
  expect(over).toBe(false);
  await clock.advance(1);
  await waiting;
  expect(over).toBe(true);
});
