import { graphemeBoundary } from "../text/grapheme-boundary.ts";
import type { MarkdownIr } from "./ir.ts";

/** The part of the text from `start` to `end`, with the marks that lie in it, cut where they reach out. */
export function sliceIr({ text, marks }: MarkdownIr, start: number, end: number): MarkdownIr {
  const inside = marks.flatMap((mark) => {
    const cut = { ...mark, start: Math.max(mark.start, start) - start, end: Math.min(mark.end, end) - start };
    return cut.end > cut.start ? [cut] : [];
  });
  return { text: text.slice(start, end), marks: inside };
}

/**
 * Cuts into parts of at most `limit` UTF-16 units of text, at an empty line, else a line break, else a space, else
 * between characters. For platforms that count text after rendering. Marks go on in the next part.
 */
export function splitIr(ir: MarkdownIr, limit: number): MarkdownIr[] {
  const parts: MarkdownIr[] = [];
  for (let start = 0; start < ir.text.length;) {
    const end = ir.text.length - start <= limit ? ir.text.length : cutBefore(ir.text, start, start + limit);
    if (ir.text.slice(start, end).trim() !== "") parts.push(trimIr(sliceIr(ir, start, end)));
    start = end;
  }
  return parts;
}

function cutBefore(text: string, start: number, limit: number): number {
  const window = text.slice(start, limit + 1);
  for (const separator of ["\n\n", "\n", " "]) {
    const at = window.lastIndexOf(separator);
    if (at > (separator === "\n\n" ? window.length / 2 : 0))
      return start + at + separator.length <= limit ? start + at + separator.length : start + at;
  }
  return graphemeBoundary(text, start, limit);
}

function trimIr(ir: MarkdownIr): MarkdownIr {
  return sliceIr(ir, /^\n*/.exec(ir.text)?.[0].length ?? 0, ir.text.trimEnd().length);
}
