import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth } from "./display-width.ts";
import type { MarkdownIr } from "./ir.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import { escapeHtml, renderIr } from "./render-ir.ts";
import { splitIr } from "./slice-ir.ts";

/** Renders to tags named after the styles, so that a test reads like the result. */
const show = (ir: MarkdownIr) =>
  renderIr(ir, {
    escape: (text) => escapeHtml(text),
    mark: (mark) => [
      `<${mark.style}${mark.href ? ` ${escapeHtml(mark.href)}` : ""}${mark.lang ? ` ${escapeHtml(mark.lang)}` : ""}>`,
      `</${mark.style}>`,
    ],
  });
const render = (text: string, tables?: "code" | "bullets" | "off") => show(parseMarkdown(text, tables && { tables }));

describe("inline", () => {
  test.each([
    ["plain", "plain"],
    [
      "**b** *i* _i_ __b__ ~~s~~ `c`",
      "<bold>b</bold> <italic>i</italic> <italic>i</italic> <bold>b</bold> <strike>s</strike> <code>c</code>",
    ],
    ["***both***", "<italic><bold>both</bold></italic>"],
    ["**bold with `a<b>` in it**", "<bold>bold with <code>a&lt;b&gt;</code> in it</bold>"],
    ["||hidden **b**|| but a || b || c", "<spoiler>hidden <bold>b</bold></spoiler> but a || b || c"],
    ['[label](https://x.y/?a=1&b=2 "t")', "<link https://x.y/?a=1&amp;b=2>label</link>"],
    ["[x](javascript:alert(1)) [y](./file.md)", "x (javascript:alert(1)) y (./file.md)"],
    ["see https://x.y/a_b_c and <https://z.y>", "see https://x.y/a_b_c and https://z.y"],
    ["![alt](https://x.y/i.png)", "<link https://x.y/i.png>alt</link>"],
    ["\\*not\\* a_snake_case 2 * 3 * 4", "*not* a_snake_case 2 * 3 * 4"],
    ["<b>html</b> & <script>", "&lt;b&gt;html&lt;/b&gt; &amp; &lt;script&gt;"],
    ["AT&amp;T &lt;3 &#129438; &#x1F980; &bogus; &amp;lt;", "AT&amp;T &lt;3 🦞 🦀 &amp;bogus; &amp;lt;"],
    ["line\nbreak  \nstays", "line\nbreak\nstays"],
    ["unclosed **bold and `code", "unclosed **bold and `code"],
    ["**a **b** c**", expect.stringContaining("a")],
  ])("%j", (text, html) => {
    expect(render(text)).toEqual(html);
  });
});

describe("blocks", () => {
  test.each([
    ["# Title\ntext", "<heading>Title</heading>\n\ntext"],
    ["a\n\n\n\nb", "a\n\nb"],
    ["```ts title\nconst a = '<';\n\n  b\n```\nafter", "<pre ts>const a = '&lt;';\n\n  b</pre>\n\nafter"],
    ["```\nunclosed", "<pre>unclosed</pre>"],
    ["> quote\n> **more**\n\ntext", "<blockquote>quote\n<bold>more</bold></blockquote>\n\ntext"],
    ["> a\n> > nested", "<blockquote>a\n\nnested</blockquote>"],
    ["- a\n- b\n  - c\n  - d\n- e", "• a\n• b\n  • c\n  • d\n• e"],
    ["3. a\n4. b", "3. a\n4. b"],
    ["- [ ] open\n- [x] done", "☐ open\n☑ done"],
    ["- two\n  lines\n\n- loose", "• two\n  lines\n• loose"],
    ["intro:\n- a\n\nafter", "intro:\n\n• a\n\nafter"],
    ["1. step\n   ```sh\n   ls\n   ```\n2. next", "1. step\n  <pre sh>ls</pre>\n2. next"],
    ["a\n\n---\n\nb", "a\n\n———\n\nb"],
    ["<div>\nblock\n</div>", "&lt;div&gt;\nblock\n&lt;/div&gt;"],
    ["", ""],
  ])("%j", (text, html) => {
    expect(render(text)).toBe(html);
  });
});

describe("tables", () => {
  const table = "| Name | Größe |\n|---|--:|\n| **a** | 1 |\n| 日本 🦞 | `22` |";
  test("as an aligned block", () => {
    expect(render(table)).toBe("<pre>Name    | Größe\n--------+------\na       |     1\n日本 🦞 |    22</pre>");
  });
  test("as a list of rows", () => {
    expect(render(table, "bullets")).toBe("• <bold>a</bold>: 1\n• <bold>日本 🦞</bold>: <code>22</code>");
    expect(render("|a|b|c|\n|-|-|-|\n|1|2|3|\n|4||6|", "bullets")).toBe(
      "• <bold>1</bold>: b: 2; c: 3\n• <bold>4</bold>; c: 6",
    );
  });
  test("as written", () => {
    expect(render(table, "off")).toBe(table);
  });
  test("columns are counted as they are shown", () => {
    expect([displayWidth("ab"), displayWidth("日"), displayWidth("👩‍👩‍👧"), displayWidth("e\u0301")]).toEqual([2, 2, 2, 1]);
  });
});

describe("whatever comes in", () => {
  const pieces = fc
    .array(
      fc.constantFrom(
        "**",
        "*",
        "_",
        "`",
        "```",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "|",
        "||",
        "[a](",
        "http://x.y",
        ")",
        "~~",
        "a",
        "<b>",
        " ",
        "🦞",
        "&amp;",
        "|-|-|",
        "\\",
        "    ",
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(""));

  test("marks are nested, ordered and never empty, and rendering keeps the text", () => {
    fc.assert(
      fc.property(pieces, (text) => {
        const ir = parseMarkdown(text);
        const stack: number[] = [];
        let last = 0;
        for (const mark of ir.marks) {
          expect(mark.end).toBeGreaterThan(mark.start);
          expect(mark.start).toBeGreaterThanOrEqual(last);
          last = mark.start;
          while ((stack.at(-1) ?? Infinity) <= mark.start) stack.pop();
          expect(mark.end).toBeLessThanOrEqual(stack.at(-1) ?? ir.text.length);
          stack.push(mark.end);
        }
        expect(renderIr(ir, { escape: (part) => part, mark: () => undefined })).toBe(ir.text);
        const html = show(ir);
        expect(html.replaceAll(/<[^>]*>/g, "")).toBe(escapeHtml(ir.text));
      }),
      { numRuns: 400 },
    );
  });

  test("parts keep to the limit and lose nothing but space", () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 2, max: 30 }), (text, limit) => {
        const ir = parseMarkdown(text);
        const parts = splitIr(ir, limit);
        for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(limit);
        expect(
          parts
            .map((part) => part.text)
            .join("")
            .replaceAll(/\s/g, ""),
        ).toBe(ir.text.replaceAll(/\s/g, ""));
      }),
    );
  });

  test("a part that cuts a mark carries it on", () => {
    expect(splitIr(parseMarkdown("**one two three**"), 8).map(show)).toEqual([
      "<bold>one two</bold>",
      "<bold>three</bold>",
    ]);
  });
});
