import { createFakeClock } from "@openclaw/testkit";
import { expect, test } from "vitest";
import { createIdempotencyCache } from "./idempotency-cache.ts";

test("a repetition gets the first answer, running or finished, for five minutes", async () => {
  const clock = createFakeClock();
  const cache = createIdempotencyCache({ clock });
  let runs = 0;
  const work = async () => (runs += 1);
  const [first, second] = await Promise.all([cache.run("send", "k", work), cache.run("send", "k", work)]);
  expect([first, second, await cache.run("send", "k", work)]).toEqual([1, 1, 1]);
  expect(await cache.run("poll", "k", work)).toBe(2);
  await clock.advance(5 * 60_000);
  expect(await cache.run("send", "k", work)).toBe(3);
});

test("a failure is not remembered", async () => {
  const cache = createIdempotencyCache({ clock: createFakeClock() });
  await expect(cache.run("send", "k", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await cache.run("send", "k", () => "yes")).toBe("yes");
});

test("the oldest keys give way beyond the limit", async () => {
  const cache = createIdempotencyCache({ clock: createFakeClock(), maxEntries: 2 });
  let runs = 0;
  const work = () => (runs += 1);
  for (const key of ["a", "b", "c"]) await cache.run("send", key, work);
  expect(await cache.run("send", "c", work)).toBe(3);
  expect(await cache.run("send", "a", work)).toBe(4);
});
