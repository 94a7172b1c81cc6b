import { expect, test } from "vitest";
import { createSaveQueue } from "./save-queue.ts";

test("saves never overlap, a burst shares one more save, and each request ends after a save that saw it", async () => {
  let state = 0;
  const saved: number[] = [];
  let running = 0;
  const save = createSaveQueue(async () => {
    expect((running += 1)).toBe(1);
    const seen = state;
    await new Promise((resolve) => setImmediate(resolve));
    saved.push(seen);
    running -= 1;
  });
  const requests = [1, 2, 3, 4].map(async (value) => {
    state = value;
    await save();
    expect(saved.at(-1)).toBeGreaterThanOrEqual(value);
  });
  await Promise.all(requests);
  expect(saved).toEqual([1, 4]);
});

test("a failed save rejects for those who asked and the next one is tried", async () => {
  let saves = 0;
  const save = createSaveQueue(async () => {
    saves += 1;
    await Promise.resolve();
    if (saves === 1) throw new Error("disk full");
  });
  const outcomes = await Promise.allSettled([save(), save()]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  await save.idle();
});
