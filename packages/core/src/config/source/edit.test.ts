import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { toValue } from "./node.ts";
import { editConfig } from "./edit.ts";
import { parseSource } from "./parse.ts";

const read = (text: string) => toValue(parseSource(text).root);

const file = `// My gateway
{
  // where it listens
  gateway: { port: 18789, bind: 'loopback' }, // keep private
  /* agents */
  agents: {
    list: [
      { id: 'main' }, // the first
      { id: 'work', name: "it's work" },
    ],
  },
  'channels': {},
  // end of file
}
// bye
`;

test("changes a value and nothing else", () => {
  expect(editConfig(file, [{ path: ["gateway", "port"], value: 19001 }])).toBe(file.replace("18789", "19001"));
});

test("an edit that changes nothing changes no character", () => {
  expect(editConfig(file, [{ path: [], value: read(file) }])).toBe(file);
});

test("adds a key in the style around it", () => {
  const edited = editConfig(file, [
    { path: ["gateway", "auth", "token"], value: "t0k" },
    { path: ["agents", "defaults", "workspace"], value: "~/w" },
    { path: ["agents", "list", 2], value: { id: "third" } },
    { path: ["channels", "x", "groups", "*", "requireMention"], value: true },
    { path: ["logging"], value: { level: "debug" } },
  ]);
  expect(edited).toBe(`// My gateway
{
  // where it listens
  gateway: { port: 18789, bind: 'loopback', auth: { token: 't0k' } }, // keep private
  /* agents */
  agents: {
    list: [
      { id: 'main' }, // the first
      { id: 'work', name: "it's work" },
      { id: 'third' },
    ],
    defaults: { workspace: '~/w' },
  },
  'channels': { x: { groups: { '*': { requireMention: true } } } },
  logging: { level: 'debug' },
  // end of file
}
// bye
`);
});

describe("takes keys and entries out and leaves the comments", () => {
  test.each([
    [["gateway", "bind"], "gateway: { port: 18789 }, // keep private"],
    [["gateway", "port"], "gateway: { bind: 'loopback' }, // keep private"],
    [["agents", "list", 0], "    list: [\n      // the first\n      { id: 'work'"],
    [["agents", "list", 1], "{ id: 'main' }, // the first\n    ],"],
    [["gateway"], "// where it listens\n  // keep private\n  /* agents */"],
    [["channels"], "  },\n  // end of file"],
  ])("%j", (path, expected) => {
    const edited = editConfig(file, [{ path, value: undefined }]);
    expect(edited).toContain(expected);
    expect(edited).toContain("// bye");
  });
});

test("plain JSON stays plain JSON", () => {
  const json = `{\n  "a": {\n    "b": 1,\n    "c": [1]\n  }\n}\n`;
  const edited = editConfig(json, [
    { path: ["a", "d"], value: { e: "x" } },
    { path: ["a", "c", 1], value: 2 },
    { path: ["f"], value: true },
    { path: ["a", "b"], value: undefined },
  ]);
  expect(JSON.parse(edited)).toEqual({ a: { c: [1, 2], d: { e: "x" } }, f: true });
  expect(JSON.parse(editConfig(edited, [{ path: ["f"], value: undefined }]))).toEqual({
    a: { c: [1, 2], d: { e: "x" } },
  });
});

test.each([
  ["an empty text", "", "{\n  a: 1,\n}\n"],
  ["an empty section", "{}\n", "{\n  a: 1,\n}\n"],
  ["a section that holds a comment", "{\n  // nothing yet\n}\n", "{\n  // nothing yet\n  a: 1,\n}\n"],
  ["Windows line ends", "{\r\n\tb: 2\r\n}\r\n", "{\r\n\tb: 2,\r\n\ta: 1\r\n}\r\n"],
  ["a byte order mark", "\uFEFF{ b: 2 }", "\uFEFF{ b: 2, a: 1 }"],
  ["a comment after the last value", "{\n  b: 2 // two\n}\n", "{\n  b: 2, // two\n  a: 1\n}\n"],
])("the first key goes into %s", (_name, before, after) => {
  expect(editConfig(before, [{ path: ["a"], value: 1 }])).toBe(after);
});

test("keeps the entries of a list that stay", () => {
  const list = "[\n  'a', // first\n  'b', // second\n  'c', // third\n]";
  expect(editConfig(list, [{ path: [], value: ["a", "c"] }])).toBe(
    "[\n  'a', // first\n  // second\n  'c', // third\n]",
  );
  expect(editConfig(list, [{ path: [], value: ["a", "x", "b", "c"] }])).toBe(
    "[\n  'a', // first\n  'x',\n  'b', // second\n  'c', // third\n]",
  );
});

test("a key written twice is taken out twice", () => {
  expect(read(editConfig("{ a: 1, b: 2, a: 3 }", [{ path: ["a"], value: undefined }]))).toEqual({ b: 2 });
});

test("says which part of a path is no section", () => {
  expect(() => editConfig("{ a: 1 }", [{ path: ["a", "b"], value: 1 }])).toThrow(
    expect.objectContaining({ code: "CONFIG_PATH", message: 'a is a single value and has no key "b".' }),
  );
  expect(() => editConfig("{ a: [] }", [{ path: ["a", 3], value: 1 }])).toThrow(
    expect.objectContaining({ code: "CONFIG_PATH" }),
  );
  expect(() => editConfig("{ a: ", [{ path: ["a"], value: 1 }])).toThrow(
    expect.objectContaining({ code: "CONFIG_PARSE" }),
  );
});

const key = fc.constantFrom("a", "b", "cc", "d-d", "*");
const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(1, true, null, "x", "it's", 'a "b"', "// no comment"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
}));
const section = fc.dictionary(key, data.value, { maxKeys: 5 });

/** Writes data with a numbered comment at every place where one may stand. */
function decorate(value: unknown, count: { n: number }, indent = ""): string {
  const note = () => `/* c${count.n++} */`;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return `[ ${note()}\n${value.map((item) => `${inner}${note()} ${decorate(item, count, inner)} , // c${count.n++}\n`).join("")}${indent}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${note()}\n${Object.entries(value)
      .map(
        ([name, child]) =>
          `${inner}${note()}\n${inner}${JSON.stringify(name)}: ${decorate(child, count, inner)}, // c${count.n++}\n`,
      )
      .join("")}${indent}}`;
  }
  return JSON.stringify(value);
}

const comments = (text: string) => new Set(text.match(/\bc\d+\b/g));

test("whatever is edited, the text reads back as the new data, and comments outside of what was taken away remain", () => {
  fc.assert(
    fc.property(section, section, (before, after) => {
      const text = decorate(before, { n: 0 });
      const edited = editConfig(text, [{ path: [], value: after }]);
      expect(read(edited)).toEqual(after);
      const unchanged = editConfig(text, [{ path: ["new key"], value: 1 }]);
      expect(comments(unchanged)).toEqual(comments(text));
      for (const name of Object.keys(before)) {
        if (typeof before[name] === "object" && before[name] !== null) continue;
        expect(comments(editConfig(text, [{ path: [name], value: undefined }]))).toEqual(comments(text));
      }
    }),
    { numRuns: 300 },
  );
});
