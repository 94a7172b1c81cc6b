import { describe, expect, it } from "vitest";
import { parseHtml } from "./html-entities.ts";

describe("what is read", () => {
  it.each([
    ["<i>a<b>b</b></i>", "ab", ["italic", "bold"]],
    ['<pre><code class="language-ts">x &lt; y</code></pre>', "x < y", ["pre"]],
    ['<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>', "st", ["spoiler", "spoiler"]],
    ["<blockquote expandable>q</blockquote>", "q", ["blockquote"]],
    ["5 > 3 & 2 &nbsp; &#33;", "5 > 3 & 2 &nbsp; !", []],
    ['<a href="no scheme">x</a>', "x", []],
    ["<b></b>empty", "empty", []],
  ])("%s", (html, text, types) => {
    const parsed = parseHtml(html);
    expect(parsed.text).toBe(text);
    expect(parsed.entities.map((entity) => entity.type)).toEqual(types);
  });
  it("counts offsets in UTF-16 units", () => {
    expect(parseHtml("👋 <b>é</b>").entities).toEqual([{ type: "bold", offset: 3, length: 1 }]);
  });
});

describe("what is refused", () => {
  it.each([
    ["<b>x", `Can't find end tag corresponding to start tag "b"`],
    ["é<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'],
    ["<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ["x</b>", "Unexpected end tag at byte offset 1"],
    ["a < b", 'Unsupported start tag "" at byte offset 2'],
    ["<b x", "Unclosed start tag at byte offset 0"],
  ])("%s", (html, reason) => {
    expect(() => parseHtml(html)).toThrow(`Bad Request: can't parse entities: ${reason}`);
  });
});
