import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createManualClock } from "../../test/manual-clock.ts";
import { createBlockChunker, type BlockChunkerOptions } from "./block-chunker.ts";
import { createBlockCoalescer, type BlockCoalescerOptions, type ReplyBlock } from "./block-coalescer.ts";
import { fenceAtEnd } from "./fence.ts";
import { humanDelayMs } from "./human-delay.ts";

function stream(deltas: readonly string[], options: Partial<BlockChunkerOptions> = {}) {
  const blocks: string[] = [];
  const chunker = createBlockChunker({ minChars: 20, maxChars: 40, ...options, emit: (block) => blocks.push(block) });
  for (const delta of deltas) chunker.push(delta);
  const early = blocks.length;
  chunker.flush();
  return { blocks, early };
}

const plain = (text: string) =>
  text
    .split("\n")
    .filter((line) => !line.startsWith("```"))
    .join("")
    .replaceAll(/\s/g, "");
describe("chunker", () => {
  test.each<[string, string, Partial<BlockChunkerOptions>, string[]]>([
    ["waits below the minimum", "short. text\n\n", {}, ["short. text"]],
    [
      "a paragraph before a line break",
      "aaaa aaaa aaaa aaaa aaaa\n\nbbbb\ncc",
      {},
      ["aaaa aaaa aaaa aaaa aaaa", "bbbb\ncc"],
    ],
    ["a line break before a sentence", "aaaa aaaa aaaa aaaa aa\nbb. cc", {}, ["aaaa aaaa aaaa aaaa aa", "bb. cc"]],
    [
      "preference newline skips sentences",
      "aaaa aaaa aaaa aaaa aa. bbbb bbbb",
      { breakPreference: "newline" },
      ["aaaa aaaa aaaa aaaa aa. bbbb bbbb"],
    ],
    [
      "preference sentence skips line breaks",
      "aaaa aaaa aaaa aaaa aa. bb\ncc",
      { breakPreference: "sentence" },
      ["aaaa aaaa aaaa aaaa aa.", "bb\ncc"],
    ],
    [
      "a space when the block is full",
      `${"word ".repeat(9)}end`,
      {},
      ["word word word word word word word word", "word end"],
    ],
    ["anywhere when there is no space", "x".repeat(90), {}, ["x".repeat(40), "x".repeat(40), "x".repeat(10)]],
    [
      "chunk mode newline gives every paragraph at once",
      "a\n\nb b\nb\n\n```\nx\n\ny\n```\n\nc",
      { chunkMode: "newline" },
      ["a", "b b\nb", "```\nx\n\ny\n```", "c"],
    ],
  ])("%s", (_name, text, options, blocks) => {
    expect(stream([text], options).blocks).toEqual(blocks);
    expect(stream(text.split(/(?=.)/su), options).blocks.join("").replaceAll(/\s/g, "")).toBe(
      blocks.join("").replaceAll(/\s/g, ""),
    );
  });

  test("blocks come while the text is still being written", () => {
    const { blocks, early } = stream(["The first sentence is here. ", "And the second one is too. ", "Third."]);
    expect(early).toBeGreaterThan(0);
    expect(blocks.join(" ")).toBe("The first sentence is here. And the second one is too. Third.");
  });

  test("a long code block is closed and opened again", () => {
    const { blocks } = stream([`\`\`\`js\n${"let a = 1;\n".repeat(8)}\`\`\``]);
    expect(blocks.length).toBeGreaterThan(2);
    for (const block of blocks) {
      expect(block).toMatch(/^```js\n[^`]*\n```$/);
      expect(block.length).toBeLessThanOrEqual(40);
    }
    expect(blocks.join("\n").match(/let a = 1;/g)).toHaveLength(8);
  });

  test("a block whose opening line comes late stays with its code", () => {
    const opening = `\`\`\`${"i".repeat(28)}`;
    const { blocks } = stream([`short\n${opening}\ncode\n\`\`\``]);
    expect(blocks[0]).toBe("short");
    for (const block of blocks.slice(1))
      expect([block.startsWith(`${opening}\n`), fenceAtEnd(block)]).toEqual([true, undefined]);
  });

  test("however text arrives, nothing is lost, fences are closed and blocks keep to the maximum", () => {
    const piece = fc.constantFrom(
      "word ",
      "Sentence. ",
      "\n",
      "\n\n",
      "\n```ts\n",
      "\n```\n",
      "code();\n",
      "🦞",
      "xxxxxxxxxxxxxxxxxxxxxxxx",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom("paragraph", "newline", "sentence"),
        fc.constantFrom("length", "newline"),
        (deltas, breakPreference, chunkMode) => {
          const { blocks } = stream(deltas, { minChars: 30, maxChars: 60, breakPreference, chunkMode });
          expect(plain(blocks.join("\n"))).toBe(plain(deltas.join("")));
          for (const [index, block] of blocks.entries()) {
            expect(block.length).toBeLessThanOrEqual(60);
            if (index < blocks.length - 1) expect(fenceAtEnd(block)).toBeUndefined();
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

function start(options: Partial<BlockCoalescerOptions> = {}) {
  const clock = createManualClock();
  const sent: ReplyBlock[] = [];
  const coalescer = createBlockCoalescer({
    clock,
    minChars: 10,
    maxChars: 30,
    emit: (block) => sent.push(block),
    ...options,
  });
  return { clock, sent, coalescer };
}

describe("coalescer", () => {
  test("joins what comes within the rest, and sends after it", () => {
    const { clock, sent, coalescer } = start();
    coalescer.enqueue({ text: "one two" });
    clock.advance(999);
    coalescer.enqueue({ text: "three" });
    clock.advance(999);
    expect(sent).toEqual([]);
    clock.advance(1);
    expect(sent).toEqual([{ text: "one two\n\nthree" }]);
  });

  test("less than the minimum waits for the end", () => {
    const { clock, sent, coalescer } = start();
    coalescer.enqueue({ text: "tiny" });
    clock.advance(10_000);
    expect(sent).toEqual([]);
    coalescer.flush();
    expect(sent).toEqual([{ text: "tiny" }]);
    expect(clock.pending).toBe(0);
  });

  test("what would be too long, media, another target or voice end what was gathered, in order", () => {
    const { sent, coalescer } = start();
    coalescer.enqueue({ text: "a".repeat(20) });
    coalescer.enqueue({ text: "b".repeat(20) });
    coalescer.enqueue({ text: "cap", media: ["./x.png"] });
    coalescer.enqueue({ text: "d", replyTo: "1" });
    coalescer.enqueue({ text: "e", replyTo: "2" });
    coalescer.enqueue({ text: "f", replyTo: "2", voice: true });
    coalescer.flush();
    expect(sent.map((block) => block.text[0])).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  test("newline mode sends at once; stopping drops the rest", () => {
    const { sent, coalescer } = start({ flushOnEnqueue: true });
    coalescer.enqueue({ text: "x" });
    expect(sent).toHaveLength(1);
    const other = start();
    other.coalescer.enqueue({ text: "never" });
    other.coalescer.stop();
    other.coalescer.flush();
    expect([other.sent, other.clock.pending]).toEqual([[], 0]);
  });
});

test("pauses between blocks", () => {
  expect(humanDelayMs({ mode: "natural" }, 0, () => 0.5)).toBe(0);
  expect([humanDelayMs({ mode: "natural" }, 1, () => 0), humanDelayMs({ mode: "natural" }, 1, () => 0.999999)]).toEqual(
    [800, 2500],
  );
  expect(humanDelayMs({ mode: "custom", minMs: 10, maxMs: 5 }, 3, () => 0.9)).toBe(10);
  expect(humanDelayMs(undefined, 3, () => 0.9)).toBe(0);
});
