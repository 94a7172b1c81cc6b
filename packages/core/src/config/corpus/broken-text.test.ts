import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../load.ts";
import { reportOf, type Setup } from "./report-of.ts";

const deep = `{ a: ${"[".repeat(5000)}${"]".repeat(5000)} }`;

test.each<[string, string, string[]]>([
  [
    "cut off in a section",
    "{\n  gateway: { port: 1",
    ["openclaw.json:2:21 [parse]  | The { at line 2, column 12 is never closed."],
  ],
  ["cut off in a text", '{ logging: { file: "/tmp/', ["openclaw.json:1:20 [parse]  | This text is never closed."]],
  ["cut off in a list", "{ bindings: [", ["openclaw.json:1:14 [parse]  | The [ at line 1, column 13 is never closed."]],
  ["cut off after a key", "{ gateway", ["openclaw.json:1:10 [parse]  | The { at line 1, column 1 is never closed."]],
  ["cut off in a comment", "{ /* later", ["openclaw.json:1:3 [parse]  | This comment is never closed."]],
  ["nothing at all", "", ["openclaw.json:1:1 [parse]  | The file is empty. Write {} for a configuration of defaults."]],
  [
    "only a comment",
    "// soon\n",
    ["openclaw.json:2:1 [parse]  | The file is empty. Write {} for a configuration of defaults."],
  ],
  [
    "a missing comma",
    "{\n  ui: {}\n  web: {}\n}",
    ['openclaw.json:3:3 [parse]  | Expected , or } after the value of "ui", found "w".'],
  ],
  ["a missing value", "{\n  ui:\n}", ['openclaw.json:3:1 [parse]  | Expected a value, found "}".']],
  [
    "a text without quotes",
    "{ gateway: { bind: loopback } }",
    ["openclaw.json:1:20 [parse]  | The text loopback needs quotes."],
  ],
  [
    "a number with a unit",
    "{ cron: { maxConcurrentRuns: 2x } }",
    ["openclaw.json:1:30 [parse]  | The number 2 runs into other text. Texts need quotes."],
  ],
  [
    "a key that needs quotes",
    "{ channels: { chat: { groups: { *: {} } } } }",
    ['openclaw.json:1:33 [parse]  | A key that begins with "*" needs quotes.'],
  ],
  ["a second document", "{}\n{}", ['openclaw.json:2:1 [parse]  | Expected the end of the file, found "{".']],
  ["YAML", "gateway:\n  port: 1", ["openclaw.json:1:1 [parse]  | The text gateway needs quotes."]],
  ["UTF-16", "{\0}\0", ["openclaw.json:1:2 [parse]  | The file holds a zero byte. Save it as UTF-8 text."]],
  [
    "an unknown escape",
    "{ ui: { seamColor: '\\u12' } }",
    ["openclaw.json:1:21 [parse]  | The escape \\u needs 4 hexadecimal digits."],
  ],
  ["deep nesting", deep, ["openclaw.json:1:106 [parse]  | Nested deeper than 100 levels."]],
  ["a list instead of a section", "[]", ["openclaw.json:1:1 [value]  | Expected a section { ... }, found a list."]],
  ["a text instead of a section", '"x"', ['openclaw.json:1:1 [value]  | Expected a section { ... }, found "x".']],
  ["null", "null", ["openclaw.json:1:1 [value]  | Expected a section { ... }, found null."]],
  [
    "a key written twice",
    "{\n  ui: {},\n  ui: {},\n}",
    ['openclaw.json:3:3 [key]  | The key "ui" appears twice in this object.'],
  ],
  [
    "a key written twice below",
    '{ gateway: { port: 1, "port": 2 } }',
    ['openclaw.json:1:23 [key]  | The key "port" appears twice in this object.'],
  ],
  ["__proto__", '{ "__proto__": { ui: {} } }', ['openclaw.json:1:3 [key]  | The key "__proto__" is not allowed.']],
  [
    "constructor below",
    "{ env: { vars: { constructor: 'x' } } }",
    ['openclaw.json:1:18 [key]  | The key "constructor" is not allowed.'],
  ],
  [
    "prototype in a channel",
    "{ channels: { chat: { prototype: {} } } }",
    [
      'openclaw.json:1:23 [key]  | The key "prototype" is not allowed.',
      'openclaw.json:1:23 [unknown-key] channels.chat.prototype | There is no key "prototype" in channels.chat.',
    ],
  ],
  [
    "an error after a byte order mark",
    "\uFEFF{\n  ui: 1 }",
    ["openclaw.json:2:7 [value] ui | Expected a section { ... }, found 1."],
  ],
  [
    "an error on the first line after a byte order mark",
    "\uFEFF{ ui: 1 }",
    ["openclaw.json:1:7 [value] ui | Expected a section { ... }, found 1."],
  ],
  [
    "an error between Windows line ends",
    "{\r\n  ui: {},\r\n  web: 1,\r\n}\r\n",
    ["openclaw.json:3:8 [value] web | Expected a section { ... }, found 1."],
  ],
])("%s", async (_name, text, report) => {
  expect(await reportOf(text)).toEqual(report);
});

test.each<[string, Setup["prepare"], string]>([
  [
    "a directory in its place",
    (dir) => (rmSync(join(dir, "openclaw.json")), mkdirSync(join(dir, "openclaw.json"))),
    "openclaw.json:1:1 [file]  | openclaw.json is a directory.",
  ],
  [
    "5 MB",
    (dir) => writeFileSync(join(dir, "openclaw.json"), `{}${" ".repeat(5 * 1024 * 1024)}`),
    "openclaw.json:1:1 [file]  | The file openclaw.json is too large. It has 5.0 MB; at most 4.0 MB are read.",
  ],
])("%s", async (_name, prepare, report) => {
  expect(await reportOf("{}", { prepare: prepare! })).toEqual([report]);
});

test("no permission to read", async () => {
  const readFile = (path: string): string => {
    throw Object.assign(new Error("refused"), { code: path.endsWith("openclaw.json") ? "EACCES" : "ENOENT" });
  };
  const { issues, valid } = await loadConfig({ env: {}, cwd: "/w", stateDir: "/s", manifests: [], readFile });
  expect(valid).toBe(false);
  expect(issues).toMatchObject([
    {
      code: "file",
      file: "/s/openclaw.json",
      message: "The file /s/openclaw.json may not be read: permission denied.",
    },
  ]);
});
