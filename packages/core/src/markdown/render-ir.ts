import type { Mark, MarkdownIr, MarkStyle } from "./ir.ts";

export interface IrRenderer {
  /** Makes text harmless in the target, e.g. HTML entities. `within`: the styles around it, outermost first. */
  escape(text: string, within: readonly MarkStyle[]): string;
  /**
   * Opening and closing text of a mark. Undefined: the style is not shown. Values that come from the message (`href`,
   * `lang`) are the renderer's to escape.
   */
  mark(mark: Mark): readonly [open: string, close: string] | undefined;
}

/** Walks the text once and writes each mark around it, properly nested. */
export function renderIr({ text, marks }: MarkdownIr, renderer: IrRenderer): string {
  let out = "";
  let at = 0;
  const open: { mark: Mark; close: string }[] = [];

  function writeUpTo(end: number): void {
    if (end <= at) return;
    out += renderer.escape(
      text.slice(at, end),
      open.map(({ mark }) => mark.style),
    );
    at = end;
  }

  function closeUpTo(position: number): void {
    for (let top = open.at(-1); top && top.mark.end <= position; top = open.at(-1)) {
      writeUpTo(top.mark.end);
      out += top.close;
      open.pop();
    }
  }

  for (const mark of marks) {
    closeUpTo(mark.start);
    writeUpTo(mark.start);
    const [before, close] = renderer.mark(mark) ?? ["", ""];
    out += before;
    open.push({ mark, close });
  }
  closeUpTo(text.length);
  writeUpTo(text.length);
  return out;
}

/** `&`, `<`, `>` and `"` as entities, for text and attribute values alike. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
