import { createFakeClock } from "@openclaw/testkit";
import { expect, test } from "vitest";
import { createSessionLanes } from "./session-lanes.ts";

/** Lanes whose jobs end when the test says so. */
function setup(limit: number) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const clock = createFakeClock();
  const lanes = createSessionLanes<string>({
    limit: () => limit,
    clock,
    run(job) {
      started.push(job);
      return new Promise((resolve) => ends.set(job, resolve));
    },
  });
  const end = async (job: string) => {
    ends.get(job)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { lanes, started, end, clock };
}

test("one lane runs one job at a time, in order", async () => {
  const { lanes, started, end } = setup(4);
  for (const job of ["a1", "a2", "a3"]) lanes.add("a", job);
  expect(started).toEqual(["a1"]);
  await end("a1");
  expect(started).toEqual(["a1", "a2"]);
  await end("a2");
  expect(started).toEqual(["a1", "a2", "a3"]);
});

test("lanes run side by side up to the limit, and the longest waiting goes next", async () => {
  const { lanes, started, end } = setup(2);
  for (const lane of ["a", "b", "c", "d"]) lanes.add(lane, `${lane}1`);
  expect(started).toEqual(["a1", "b1"]);
  expect(lanes.active).toBe(2);
  await end("b1");
  expect(started).toEqual(["a1", "b1", "c1"]);
});

test("a job that was taken out never runs, and its lane goes on working", async () => {
  const { lanes, started, end } = setup(1);
  lanes.add("a", "a1");
  lanes.add("a", "a2");
  expect(lanes.remove("a", (job) => job === "a2")).toEqual(["a2"]);
  lanes.add("a", "a3");
  await end("a1");
  expect(started).toEqual(["a1", "a3"]);
});

test("emptying a lane that waits for its turn and filling it again runs one job of it at a time", async () => {
  const { lanes, started, end } = setup(2);
  lanes.add("x", "x1");
  lanes.add("y", "y1");
  lanes.add("a", "a1");
  lanes.remove("a", () => true);
  lanes.add("a", "a2");
  lanes.add("a", "a3");
  await end("x1");
  await end("y1");
  expect(started).toEqual(["x1", "y1", "a2"]);
});

test("after a stop nothing starts, and stopping waits for what runs", async () => {
  const { lanes, started, end } = setup(1);
  lanes.add("a", "a1");
  lanes.add("a", "a2");
  let stopped = false;
  const stopping = lanes.stop().then(() => (stopped = true));
  await end("a1");
  await stopping;
  expect(stopped).toBe(true);
  expect(started).toEqual(["a1"]);
});

test("a lane rests after its newest delayed job, and only then goes on", async () => {
  const { lanes, started, end, clock } = setup(1);
  lanes.add("a", "a1");
  lanes.add("a", "a2", 1_000);
  await clock.advance(800);
  lanes.add("a", "a3", 1_000);
  await end("a1");
  await clock.advance(999);
  expect(started).toEqual(["a1"]);
  await clock.advance(1);
  expect(started).toEqual(["a1", "a2"]);
});

test("a resting lane does not hold up another", async () => {
  const { lanes, started } = setup(1);
  lanes.add("a", "a1", 1_000);
  lanes.add("b", "b1");
  expect(started).toEqual(["b1"]);
});
