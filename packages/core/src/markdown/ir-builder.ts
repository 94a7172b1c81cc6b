import type { Mark, MarkdownIr, MarkStyle } from "./ir.ts";

/** Collects text and marks in document order. */
export interface IrBuilder {
  write(text: string): void;
  /** Asks for line breaks before the next text; nothing at the very start. The largest wish wins. */
  gap(lines: number): void;
  /** Marks what `content` writes. Nothing written, no mark. */
  mark(style: MarkStyle, content: () => void, more?: Pick<Mark, "href" | "lang" | "level">): void;
  /** Text that starts every further line while `content` writes. */
  indent(prefix: string, content: () => void): void;
  finish(): MarkdownIr;
}

export function createIrBuilder(): IrBuilder {
  let text = "";
  let wishedLines = 0;
  let prefix = "";
  const marks: Mark[] = [];
  const open = new Set<MarkStyle>();

  function flushGap(): void {
    if (wishedLines > 0 && text !== "") {
      const standing = /\n*$/.exec(text)?.[0].length ?? 0;
      text += "\n".repeat(Math.max(0, wishedLines - standing)) + prefix;
    }
    wishedLines = 0;
  }

  return {
    write(added) {
      if (added === "") return;
      flushGap();
      text += prefix === "" ? added : added.replaceAll("\n", `\n${prefix}`);
    },
    gap(lines) {
      wishedLines = Math.max(wishedLines, lines);
    },
    mark(style, content, more = {}) {
      if (open.has(style)) return content();
      flushGap();
      const mark: Mark = { style, start: text.length, end: text.length, ...more };
      const at = marks.length;
      open.add(style);
      content();
      open.delete(style);
      mark.end = text.length;
      if (mark.end > mark.start) marks.splice(at, 0, mark);
    },
    indent(added, content) {
      const before = prefix;
      prefix += added;
      content();
      prefix = before;
    },
    finish: () => ({ text, marks }),
  };
}
