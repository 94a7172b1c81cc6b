import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeIncluded, override } from "./include.ts";

const key = fc.constantFrom("a", "b", "c");
const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(1, 2, "x", null, true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
}));
/** Sections whose keys have one kind of value each: what files that belong together look like. */
const alike = fc.record(
  {
    list: fc.array(data.value, { maxLength: 3 }),
    single: fc.constantFrom(1, 2, 3),
    below: fc.record({ list: fc.array(fc.nat(), { maxLength: 2 }) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const section = fc.dictionary(key, data.value, { maxKeys: 4 });

describe("files of one $include", () => {
  test("sections join, lists are put one after the other, later values replace", () => {
    expect(mergeIncluded({ a: { x: 1, y: [1] }, b: 1 }, { a: { y: [2], z: 3 }, b: 2 })).toEqual({
      a: { x: 1, y: [1, 2], z: 3 },
      b: 2,
    });
  });

  test("merging is associative, so that files may be grouped in files", () => {
    fc.assert(
      fc.property(alike, alike, alike, (a, b, c) => {
        expect(mergeIncluded(mergeIncluded(a, b), c)).toEqual(mergeIncluded(a, mergeIncluded(b, c)));
      }),
    );
  });

  test("an empty file changes nothing", () => {
    fc.assert(
      fc.property(section, (a) => {
        expect(mergeIncluded(a, {})).toEqual(a);
        expect(mergeIncluded({}, a)).toEqual(a);
      }),
    );
  });

  test("no key and no list entry is lost", () => {
    fc.assert(
      fc.property(section, section, (a, b) => {
        const merged = mergeIncluded(a, b) as Record<string, unknown>;
        expect(Object.keys(merged).toSorted()).toEqual([...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted());
        for (const name of Object.keys(merged)) {
          if (Array.isArray(a[name]) && Array.isArray(b[name]))
            expect(merged[name]).toHaveLength(a[name].length + b[name].length);
        }
      }),
    );
  });
});

describe("keys beside $include", () => {
  test("every value of the sibling is in the result as it was written", () => {
    const holds = (result: unknown, sibling: unknown): boolean => {
      if (typeof sibling !== "object" || sibling === null || Array.isArray(sibling))
        return JSON.stringify(result) === JSON.stringify(sibling);
      return Object.entries(sibling).every(([name, child]) => holds((result as Record<string, unknown>)[name], child));
    };
    fc.assert(fc.property(section, section, (included, sibling) => holds(override(included, sibling), sibling)));
  });

  test("a list replaces an included list, so that a shared allowlist can be narrowed", () => {
    expect(override({ allowFrom: ["*"], x: { y: 1 } }, { allowFrom: ["1"] })).toEqual({
      allowFrom: ["1"],
      x: { y: 1 },
    });
  });
});
