import { expect, test } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

test("due timers run in time order, ties in order of creation, later ones stay", async () => {
  const clock = createFakeClock({ now: 1000 });
  const seen: string[] = [];
  clock.after(20, () => seen.push(`b@${clock.now()}`));
  clock.after(10, () => seen.push(`a@${clock.now()}`));
  clock.after(20, () => seen.push(`c@${clock.now()}`));
  clock.after(31, () => seen.push("late"));
  await clock.advance(30);
  expect(seen).toEqual(["a@1010", "b@1020", "c@1020"]);
  expect(clock.now()).toBe(1030);
  expect(clock.pending()).toEqual([1031]);
});

test("a timer made by a timer, or by code awaiting a sleep, runs within the same advance", async () => {
  const clock = createFakeClock({ now: 0 });
  const seen: number[] = [];
  const loop = async () => {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(10);
      seen.push(clock.now());
    }
  };
  const done = loop();
  await clock.advance(30);
  await done;
  expect(seen).toEqual([10, 20, 30]);
});

test("a cancelled timer never runs and an aborted sleep rejects and leaves no timer", async () => {
  const clock = createFakeClock();
  let ran = false;
  const cancel = clock.after(5, () => (ran = true));
  cancel();
  cancel();
  const abort = new AbortController();
  const sleeping = clock.sleep(5, abort.signal);
  abort.abort(new Error("stop"));
  await expect(sleeping).rejects.toThrow("stop");
  expect(clock.pending()).toEqual([]);
  await clock.advance(10);
  expect(ran).toBe(false);
});

test("a jump runs nothing until the next advance", async () => {
  const clock = createFakeClock({ now: 0 });
  let at = -1;
  clock.after(10, () => (at = clock.now()));
  clock.jump(1000);
  expect(at).toBe(-1);
  await clock.advance(0);
  expect(at).toBe(1000);
});
