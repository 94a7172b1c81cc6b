import { escapeHtml, type Mark, parseMarkdown, renderIr, type TableMode } from "@openclaw/plugin-sdk/markdown";

export interface RenderedHtml {
  html: string;
  /** UTF-16 units after the platform has read the entities: what its limits count. */
  length: number;
}

const TAGS: Readonly<Record<Exclude<Mark["style"], "pre" | "link">, string>> = {
  bold: "b",
  italic: "i",
  strike: "s",
  code: "code",
  spoiler: "tg-spoiler",
  blockquote: "blockquote",
  // There are no headings on the platform: all levels are bold lines.
  heading: "b",
};

function tagsOf(mark: Mark): readonly [open: string, close: string] | undefined {
  if (mark.style === "link")
    return mark.href === undefined ? undefined : [`<a href="${escapeHtml(mark.href)}">`, "</a>"];
  if (mark.style !== "pre") return [`<${TAGS[mark.style]}>`, `</${TAGS[mark.style]}>`];
  if (mark.lang === undefined) return ["<pre>", "</pre>"];
  return [`<pre><code class="language-${escapeHtml(mark.lang)}">`, "</code></pre>"];
}

/** Markdown in the platform's HTML dialect. */
export function renderHtml(markdown: string, tables: TableMode = "code"): RenderedHtml {
  const ir = parseMarkdown(markdown, { tables });
  return { html: renderIr(ir, { escape: escapeHtml, mark: tagsOf }), length: ir.text.length };
}
