import JSON5 from "json5";
import { describe, expect, test } from "vitest";
import { toValue } from "./node.ts";
import { parseSource } from "./parse.ts";
import { lineColumn, SourceError } from "./scan.ts";

const read = (text: string) => toValue(parseSource(text).root);

function failure(text: string): string {
  try {
    parseSource(text);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { line, column } = lineColumn(text, error.offset);
    return `${line}:${column} ${error.message}`;
  }
  throw new Error("expected a failure");
}

test.each([
  "{}",
  "[]",
  `{ a: 'a"b', "b": "it's", c: 'it\\'s' }`,
  "{ a: +1, b: -.5, c: 5., d: 0x1F, e: -0X1f, f: 1e3, g: 1.5E-2, h: +.5 }",
  "[Infinity, -Infinity, NaN, +Infinity]",
  "{ $a: 1, _b: 2, ünï: 3, \\u0061b: 4, ab1: 5 }",
  "{ a: 'line \\\n continued', b: '\\x41\\u0042\\0\\v\\b\\q' }",
  "// head\n{ /* in */ a: 1, // end\n } // tail",
  "\uFEFF{ a: 1 }",
  "{\r\n  a: 1,\r\n}\r\n",
  "{\u00A0a:\u2028 1\u3000}",
  '{ "with spaces": [ [ ], { }, null, true, false ] , }',
  '"just a text"',
  "'\u2028'",
  "{ nullish: null, trueish: true, Infinityx: 1 }",
])("reads %j as the reference library does", (text) => {
  expect(read(text)).toEqual(JSON5.parse(text));
});

describe("says where and why a document cannot be read", () => {
  test.each([
    ["", "1:1 The file is empty. Write {} for a configuration of defaults."],
    ["// only a comment", "1:18 The file is empty. Write {} for a configuration of defaults."],
    ["{ a: 1", "1:7 The { at line 1, column 1 is never closed."],
    ["{ a: [1, 2", "1:11 The [ at line 1, column 6 is never closed."],
    ["{\r\n a: 1,\r\n b:}", '3:4 Expected a value, found "}".'],
    ["{ a: 1 b: 2 }", '1:8 Expected , or } after the value of "a", found "b".'],
    ["{ a 1 }", '1:5 Expected : after the key "a", found "1".'],
    ["{ a: hello }", "1:6 The text hello needs quotes."],
    ["{ 1a: 2 }", '1:3 A key that begins with "1" needs quotes.'],
    ["{ *: 2 }", '1:3 A key that begins with "*" needs quotes.'],
    ["{ a: 'x\n' }", "1:6 This text is never closed."],
    ["{ a: 'x", "1:6 This text is never closed."],
    ["{ /* a: 1 }", "1:3 This comment is never closed."],
    ["{ a: 12px }", "1:6 The number 12 runs into other text. Texts need quotes."],
    ["{ a: '\\u12' }", "1:7 The escape \\u needs 4 hexadecimal digits."],
    ["{ a: 1 } }", '1:10 Expected the end of the file, found "}".'],
    ["{ , }", '1:3 Expected a key or }, found ",".'],
    ["[".repeat(20_000) + "]".repeat(20_000), "1:102 Nested deeper than 100 levels."],
  ])("%.30j", (text, message) => expect(failure(text)).toBe(message));
});

test("reports repeated keys and keys that reach a prototype, and keeps reading", () => {
  const { root, problems } = parseSource('{ a: 1, b: { "__proto__": { x: 1 }, constructor: 2 }, a: 3 }');
  expect(problems.map(({ key, offset }) => [key, offset])).toEqual([
    ["__proto__", 13],
    ["constructor", 36],
    ["a", 54],
  ]);
  const value = toValue(root) as { a: number; b: object };
  expect(value.a).toBe(3);
  expect(Object.getPrototypeOf(value.b)).toBe(Object.prototype);
});
