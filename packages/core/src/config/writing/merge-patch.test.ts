import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editConfig } from "../source/edit.ts";
import { toValue } from "../source/node.ts";
import { parseSource } from "../source/parse.ts";
import { applyMergePatch, mergePatchEdits } from "./merge-patch.ts";

describe("the examples of RFC 7396", () => {
  test.each<[unknown, unknown, unknown]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j with %j is %j", (target, patch, result) => {
    expect(applyMergePatch(target, patch)).toEqual(result);
  });
});

const key = fc.constantFrom("a", "b", "c");
const withNull = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(1, "x", true, null),
    fc.array(fc.constantFrom(1, "y"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
}));
const section = fc.dictionary(key, withNull.value, { maxKeys: 3 });
const noNull = (value: unknown): unknown => applyMergePatch(undefined, value);

test("a patch applied twice changes nothing more", () => {
  fc.assert(
    fc.property(section, section, (target, patch) => {
      const once = applyMergePatch(target, patch);
      expect(applyMergePatch(once, patch)).toEqual(once);
    }),
  );
});

test("keys that the patch does not name stay", () => {
  fc.assert(
    fc.property(section, section, (target, patch) => {
      const result = applyMergePatch(target, patch) as Record<string, unknown>;
      for (const name of Object.keys(target)) if (!(name in patch)) expect(result[name]).toEqual(target[name]);
    }),
  );
});

test("as edits of the text it gives the same data", () => {
  fc.assert(
    fc.property(section, section, (before, patch) => {
      const target = noNull(before);
      const text = `// mine\n${JSON.stringify(target, null, 2)}\n`;
      const edited = editConfig(text, mergePatchEdits(target, patch));
      expect(toValue(parseSource(edited).root)).toEqual(applyMergePatch(target, patch));
      expect(edited.startsWith("// mine\n")).toBe(true);
    }),
  );
});
