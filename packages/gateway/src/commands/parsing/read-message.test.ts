import type { OpenClawConfig } from "@openclaw/core/config";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandIndex } from "../registry.ts";
import { leadingCommand } from "./leading-command.ts";
import { type MessageReading, readMessage } from "./read-message.ts";

const config = {
  agents: { defaults: { models: { "anthropic/opus-4": { alias: "opus" } } } },
  session: { resetTriggers: ["fresh start"] },
} as OpenClawConfig;
const own = { patterns: [/(?<![\p{L}\p{N}_])@?molly(?![\p{L}\p{N}_])/iu], handle: "@my_bot" };
const read = (text: string): MessageReading => readMessage(text, { index: commandIndex, config, typed: true, own });
/** A reading as one line: what the agent gets, and what is taken out. */
function outline(text: string): string {
  const reading = read(text);
  if (reading.kind === "command") return `command ${reading.command.name} ${JSON.stringify(reading.args)}`;
  const tokens = reading.tokens.map(({ command, args }) => `${command.name} ${args}`.trim()).join(", ");
  return reading.kind === "directives"
    ? `alone: ${tokens}`
    : `${JSON.stringify(reading.rest)}${tokens ? ` without ${tokens}` : ""}`;
}

describe("commands", () => {
  test.each([
    ["/status", 'command status ""'],
    ["  /STATUS:  ", 'command status ""'],
    ["/status@my_bot", 'command status ""'],
    ["/status@MY_BOT: ", 'command status ""'],
    ["@my_bot /status", 'command status ""'],
    ["Molly, /new write a poem", 'command new "write a poem"'],
    ["/new\nwrite\na poem", 'command new "write\\na poem"'],
    ["Fresh start", 'command new ""'],
    ["fresh start: and a poem", 'command new "and a poem"'],
    ["/think", 'command think ""'],
    ["/think about it", 'command think "about it"'],
    ["/model list", 'command model "list"'],
    ["/help think", 'command help "think"'],
  ])("%j is %s", (text, expected) => expect(outline(text)).toBe(expected));
});

describe("directives and shortcuts in a message", () => {
  test.each([
    ["/think high", "alone: think high"],
    ["@my_bot /think high", "alone: think high"],
    ["/opus", "alone: model opus"],
    ["/t:low /v on", "alone: think low, verbose on"],
    ["/think high: what is love?", '"what is love?" without think high'],
    ["/think high what is love?", '"what is love?" without think high'],
    ["what is /think high love?", '"what is love?" without think high'],
    ["what is love? /think high", '"what is love?" without think high'],
    ["what is love?\n/think high\nAnd hate?", '"what is love?\\n\\nAnd hate?" without think high'],
    ["be quick /queue interrupt debounce:2s cap:3 now", '"be quick now" without queue interrupt debounce:2s cap:3'],
    ["ask /model openai/gpt-5.2 this", '"ask this" without model openai/gpt-5.2'],
    ["/opus write a poem", '"write a poem" without model opus'],
    ["run it /exec host=gateway ask=always there", '"run it there" without exec host=gateway ask=always'],
    ["hello /status there", '"hello there" without status'],
    ["how is /help going", '"how is going" without help'],
  ])("%j is %s", (text, expected) => expect(outline(text)).toBe(expected));

  test.each([
    "and/or",
    "/tmp/think high",
    "~/think high",
    "see https://example.org/status for more",
    "https://example.org /statuses",
    "1/status",
    "the path /status/now",
    "please (/status) me",
    "write `/think high` in a chat",
    "```\n/think high\n/status\n```",
    "GET /status returns 500",
    "what does /think mean?",
    "use /model whatever you like",
    "/status@other_bot",
    "/think@other_bot high",
    "//status",
    "/ status",
    "/",
    "",
    "stop it",
    "a /new beginning",
    "my /config is broken",
    "/unknown thing",
  ])("%j stays as it is", (text) => expect(outline(text)).toBe(JSON.stringify(text)));
});

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "/",
          "/think",
          " high",
          "/queue",
          "collect",
          "/model",
          "opus",
          "@",
          "@my_bot",
          ":",
          "`",
          "```",
          "\n",
          " ",
          "/status",
          "/exec host=",
          "\0",
          "\u202e",
          "💥",
          "cap:9",
          "=",
        ),
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join("")),
);

test("no text breaks it, and what is left is part of the text", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const reading = read(text);
      if (reading.kind !== "text") return;
      expect(reading.rest.length).toBeLessThanOrEqual(text.length);
      if (reading.tokens.length === 0) expect(reading.rest).toBe(text);
      // Every character of the rest stands in the text, in that order.
      let at = -1;
      for (const unit of reading.rest) {
        at = text.indexOf(unit, at + 1);
        expect(at).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("nothing inside a word is a token", () => {
  const word = fc
    .string({
      unit: fc.constantFrom("a", "b", "ä", "ß", "/", "-", "_", ".", ":", "9", "💥"),
      minLength: 1,
      maxLength: 12,
    })
    .filter((text) => /[^/]/.test(text) && !text.startsWith("/"));
  const token = fc.constantFrom("/think high", "/status", "/opus", "/queue collect", "/v on");
  fc.assert(
    fc.property(word, token, (before, inside) => {
      expect(outline(`${before}${inside} end`)).toBe(JSON.stringify(`${before}${inside} end`));
    }),
  );
});

test("a directive is found wherever it stands between words", () => {
  const words = fc.array(fc.constantFrom("hello", "wörld", "high", "und", "💥", "a/b"), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(words, words, (before, after) => {
      expect(outline([...before, "/think low", ...after].join(" "))).toBe(
        `${JSON.stringify([...before, ...after].join(" "))} without think low`,
      );
    }),
  );
});

test.each([
  ["one word", "/".repeat(1_000_000)],
  ["many slashes", "/a ".repeat(300_000)],
  ["many directives", "/think high ".repeat(80_000)],
  ["blanks", `/think${" ".repeat(1_000_000)}`],
  ["a long name", `/${"a".repeat(1_000_000)}`],
  ["open code", "`/status ".repeat(100_000)],
])("a megabyte of %s is read in no time", (_name, text) => {
  const start = performance.now();
  read(text);
  // Quadratic reading takes minutes here; the bound is wide because machines are busy.
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("a name that is not ASCII, empty or too long is none", () => {
  for (const text of ["/ä", "/-x", `/${"x".repeat(65)}`, "／status", "/status\u200b"])
    expect(leadingCommand(text), text).toBeUndefined();
});
