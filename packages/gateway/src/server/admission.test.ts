import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";

test("the oldest of the largest crowd goes, never the newcomer nor a small address", () => {
  const admission = createAdmission({ maxTotal: 4, maxPerAddress: 3 });
  const evicted: string[] = [];
  const admit = (address: string, name: string) => admission.admit({ address, evict: () => evicted.push(name) });
  admit("good", "g1");
  for (const name of ["b1", "b2", "b3"]) admit("bad", name);
  admit("bad", "b4");
  expect(evicted).toEqual(["b1"]);
  admit("other", "o1");
  expect(evicted).toEqual(["b1", "b2"]);
  expect(admission.size).toBe(4);
});

test("a released place counts no more, and releasing twice or after eviction changes nothing", () => {
  const admission = createAdmission({ maxTotal: 2, maxPerAddress: 2 });
  const evicted: string[] = [];
  const first = admission.admit({ address: "a", evict: () => evicted.push("first") });
  first();
  first();
  expect(admission.size).toBe(0);
  for (const name of ["x", "y", "z"]) admission.admit({ address: "a", evict: () => evicted.push(name) });
  expect([admission.size, evicted]).toEqual([2, ["x"]]);
});
