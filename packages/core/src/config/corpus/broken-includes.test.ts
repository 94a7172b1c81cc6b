import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

const levels = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      index === 0 ? "openclaw.json" : `${index}.json5`,
      index === count - 1 ? "{ ui: {} }" : `{ $include: "./${index + 1}.json5" }`,
    ]),
  );

test.each<[string, Record<string, string>, string[]]>([
  [
    "a missing file",
    { "openclaw.json": '{ agents: { $include: "./agents.json5" } }' },
    [
      "openclaw.json:1:23 [include] agents.$include | The file agents.json5 does not exist. Included by way of openclaw.json -> agents.json5.",
    ],
  ],
  [
    "a file that cannot be read",
    { "openclaw.json": '{ ui: { $include: "./ui.json5" } }', "ui.json5": "{ seamColor: }" },
    ['ui.json5:1:14 [include]  | Expected a value, found "}". Included by way of openclaw.json -> ui.json5.'],
  ],
  [
    "a circle",
    { "openclaw.json": '{ $include: "./a.json5" }', "a.json5": '{ $include: "./openclaw.json" }' },
    [
      "a.json5:1:13 [include] $include | These files include each other in a circle: openclaw.json -> a.json5 -> openclaw.json.",
    ],
  ],
  [
    "itself",
    { "openclaw.json": '{ ui: { $include: "openclaw.json" } }' },
    [
      "openclaw.json:1:19 [include] ui.$include | These files include each other in a circle: openclaw.json -> openclaw.json.",
    ],
  ],
  [
    "eleven levels",
    levels(12),
    [
      `10.json5:1:13 [include] $include | Files are included deeper than 10 levels: ${["openclaw.json", ...Array.from({ length: 11 }, (_, index) => `${index + 1}.json5`)].join(" -> ")}.`,
    ],
  ],
  [
    "a number",
    { "openclaw.json": "{ ui: { $include: 5 } }" },
    ["openclaw.json:1:19 [include] ui.$include | $include takes the name of a file, or a list of names."],
  ],
  [
    "an empty list",
    { "openclaw.json": "{ ui: { $include: [] } }" },
    ["openclaw.json:1:19 [include] ui.$include | $include takes the name of a file, or a list of names."],
  ],
  [
    "keys beside a list",
    { "openclaw.json": '{ bindings: { $include: "./b.json5", x: 1 } }', "b.json5": "[]" },
    [
      "openclaw.json:1:13 [value] bindings | Expected a list, found a section.",
      "openclaw.json:1:25 [include] bindings.$include | Keys beside $include need an included section { ... }, not a list or a single value.",
    ],
  ],
  [
    "a list and a section in one $include",
    { "openclaw.json": '{ ui: { $include: ["./a.json5", "./b.json5"] } }', "a.json5": "[]", "b.json5": "{}" },
    ["openclaw.json:1:19 [include] ui.$include | The files of one $include must all hold sections, or all hold lists."],
  ],
  [
    "an unknown key in an included file",
    { "openclaw.json": '{\n gateway: { $include: "./g.json5" } }', "g.json5": "{\n  prot: 1 }" },
    ['g.json5:2:3 [unknown-key] gateway.prot | There is no key "prot" in gateway. | port'],
  ],
  [
    "a wrong value in the second of two files",
    {
      "openclaw.json": '{ agents: { list: { $include: ["./a.json5", "./b.json5"] } } }',
      "a.json5": '[{ id: "a" }]',
      "b.json5": '[\n  { id: "b" },\n  { id: 3 },\n]',
    },
    ['b.json5:3:9 [value] agents.list[2].id | Expected text, found 3. | "3"'],
  ],
  [
    "a value that a key beside $include sets wrong",
    { "openclaw.json": '{ gateway: { $include: "./g.json5", port: "x" } }', "g.json5": "{ port: 1 }" },
    ['openclaw.json:1:43 [value] gateway.port | Expected a whole number, found "x".'],
  ],
  [
    "a key twice in an included file",
    { "openclaw.json": '{ ui: { $include: "./u.json5" } }', "u.json5": "{ assistant: {}, assistant: {} }" },
    [
      'u.json5:1:18 [key]  | The key "assistant" appears twice in this object. Included by way of openclaw.json -> u.json5.',
    ],
  ],
])("%s", async (_name, files, report) => {
  expect(await reportOf(files)).toEqual(report);
});

test("ten levels are fine", async () => {
  expect(await reportOf(levels(11))).toEqual([]);
});

test("a directory", async () => {
  const prepare = (dir: string) => mkdirSync(join(dir, "d"));
  expect(await reportOf('{ ui: { $include: "./d" } }', { prepare })).toEqual([
    "openclaw.json:1:19 [include] ui.$include | d is a directory. Included by way of openclaw.json -> d.",
  ]);
});

test.each<[string, Record<string, string>, string[]]>([
  [
    "a missing variable",
    { "openclaw.json": '{ gateway: { auth: { token: "${TOKEN}" } } }' },
    ["openclaw.json:1:29 [env] gateway.auth.token | The variable TOKEN is not set or empty."],
  ],
  [
    "a missing variable in an included file",
    { "openclaw.json": '{ gateway: { $include: "./g.json5" } }', "g.json5": '{\n  auth: { token: "x${TOKEN}" } }' },
    ["g.json5:2:18 [env] gateway.auth.token | The variable TOKEN is not set or empty."],
  ],
  [
    "an empty variable",
    { "openclaw.json": '{ gateway: { auth: { token: "${EMPTY}" } } }' },
    ["openclaw.json:1:29 [env] gateway.auth.token | The variable EMPTY is not set or empty."],
  ],
  [
    "two in one text",
    { "openclaw.json": '{ gateway: { remote: { url: "${A}://${B}" } } }' },
    [
      "openclaw.json:1:29 [env] gateway.remote.url | The variable A is not set or empty.",
      "openclaw.json:1:29 [env] gateway.remote.url | The variable B is not set or empty.",
    ],
  ],
])("%s", async (_name, files, report) => {
  expect((await reportOf(files, { env: { EMPTY: "" } })).filter((text) => text.includes("[env]"))).toEqual(report);
});
