import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chunkText, paragraphs } from "./chunk-text.ts";
import { fenceAtEnd } from "./fence.ts";

describe("where it cuts", () => {
  test.each<[string, string, number, string[]]>([
    ["fits", "hello", 10, ["hello"]],
    ["at the last line break", "one\ntwo\nthree", 9, ["one\ntwo", "three"]],
    ["at a space", "one two three", 9, ["one two", "three"]],
    ["not within parentheses", "see [a b](http://x y) z", 20, ["see", "[a b](http://x y) z"]],
    ["within them when there is no other way", "(aaaa bbbb cccc", 9, ["(aaaa", "bbbb cccc"]],
    ["hard, when there is no space", "abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["blank lines at a cut are dropped", "one\n\n\ntwo", 4, ["one", "two"]],
    ["indentation after a cut stays", "- a\n  - b", 5, ["- a", "  - b"]],
    ["nothing", " \n ", 4, []],
  ])("%s", (_name, text, limit, chunks) => {
    expect(chunkText(text, { limit })).toEqual(chunks);
  });

  test("visible characters stay whole", () => {
    expect(chunkText("🦞🦞🦞", { limit: 3 })).toEqual(["🦞", "🦞", "🦞"]);
    expect(chunkText("a👩‍👩‍👧b", { limit: 8 })).toEqual(["a", "👩‍👩‍👧", "b"]);
    expect(chunkText("xe\u0301e\u0301", { limit: 4 })).toEqual(["xe\u0301", "e\u0301"]);
    expect(chunkText("🦞", { limit: 1 })).toEqual(["🦞"]);
  });

  test("a code block is closed and opened again as it was", () => {
    const code = ["```ts title=x", ...Array.from({ length: 6 }, (_, index) => `line ${index};`), "```", "after"].join(
      "\n",
    );
    expect(chunkText(code, { limit: 45 })).toEqual([
      "```ts title=x\nline 0;\nline 1;\nline 2;\n```",
      "```ts title=x\nline 3;\nline 4;\nline 5;\n```",
      "after",
    ]);
    const tilde = `  ~~~~\n  ${"x".repeat(40)}\n  ~~~~`;
    for (const chunk of chunkText(tilde, { limit: 30 }))
      expect([chunk.startsWith("  ~~~~\n"), chunk.endsWith("\n  ~~~~"), chunk.length <= 30]).toEqual([
        true,
        true,
        true,
      ]);
  });

  test("no block is opened for nothing", () => {
    const chunks = chunkText(`\`\`\`ts\n${"x".repeat(50)}\n\`\`\``, { limit: 30 });
    expect(chunks).toEqual([20, 20, 10].map((count) => `\`\`\`ts\n${"x".repeat(count)}\n\`\`\``));
  });

  test("a block that comes late starts a message of its own", () => {
    const intro = "word ".repeat(12).trim();
    expect(chunkText(`${intro}\n\`\`\`\na\nb\nc\n\`\`\``, { limit: 70 })).toEqual([intro, "```\na\nb\nc\n```"]);
  });

  test("newline mode gives each paragraph its message and keeps code whole", () => {
    const text = "one\ntwo\n\n\nthree\n\n```\na\n\nb\n```\n\nlong long long";
    expect(paragraphs(text)).toHaveLength(4);
    expect(chunkText(text, { limit: 13, mode: "newline" })).toEqual([
      "one\ntwo",
      "three",
      "```\na\n\nb\n```",
      "long long",
      "long",
    ]);
  });

  test("a cap on lines cuts too, fences included", () => {
    expect(chunkText("a\nb\nc\nd\ne", { limit: 100, maxLines: 2 })).toEqual(["a\nb", "c\nd", "e"]);
    for (const chunk of chunkText(`\`\`\`\n${"x\n".repeat(20)}\`\`\``, { limit: 100, maxLines: 6 })) {
      expect(chunk.split("\n").length).toBeLessThanOrEqual(6);
      expect(fenceAtEnd(chunk)).toBeUndefined();
    }
  });

  test("a megabyte without a space is cut in time", () => {
    expect(chunkText("x".repeat(1_000_000), { limit: 4000 })).toHaveLength(250);
    expect(chunkText("(".repeat(300_000), { limit: 4000 }).length).toBe(75);
    expect(chunkText(`\`\`\`\n${"y\n".repeat(300_000)}`, { limit: 4000 }).length).toBeGreaterThan(150);
  });
});

const pieces = (...parts: string[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 60 }).map((all) => all.join(""));
const bare = (text: string) => text.replaceAll(/\s/g, "");
const withoutFences = (text: string) =>
  bare(
    text
      .split("\n")
      .filter((line) => !/^(?:```|~~~~)/.test(line))
      .join("\n"),
  );
describe("whatever comes in", () => {
  test("without fences nothing but white space is lost, and no chunk is too long", () => {
    fc.assert(
      fc.property(
        pieces("word", " ", "\n", "\n\n", "(", ")", "[x](y)", "🦞", "👩‍👩‍👧", "e\u0301", "- ", "`a`"),
        fc.integer({ min: 10, max: 60 }),
        fc.constantFrom("length", "newline"),
        (text, limit, mode) => {
          const chunks = chunkText(text, { limit, mode });
          expect(bare(chunks.join(""))).toBe(bare(text));
          for (const chunk of chunks) {
            expect(chunk.length).toBeLessThanOrEqual(limit);
            expect(chunk).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("with fences every chunk closes what it opens, and text without fence lines is kept", () => {
    fc.assert(
      fc.property(
        pieces("word ", "\n", "\n\n", "\n```ts\n", "\n```\n", "\n~~~~\n", "code();\n", "🦞"),
        fc.integer({ min: 30, max: 90 }),
        (text, limit) => {
          const chunks = chunkText(text, { limit });
          expect(withoutFences(chunks.join("\n"))).toBe(withoutFences(text));
          for (const [index, chunk] of chunks.entries()) {
            expect(chunk.length).toBeLessThanOrEqual(limit);
            if (index < chunks.length - 1) expect(fenceAtEnd(chunk)).toBeUndefined();
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
