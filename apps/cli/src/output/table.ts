import { displayWidth } from "@openclaw/core/text";
import { clean } from "./clean.ts";
import type { Terminal } from "./terminal.ts";

export type Row = Readonly<Record<string, string | number | boolean | null | undefined>>;

const GAP = 2;
const NARROWEST = 8;

/**
 * Rows for whoever reads: a person gets aligned columns with a header that fit the terminal's width, a pipe gets whole
 * tab-separated lines without one. Control characters are taken out, because names come from strangers.
 */
export function formatTable(
  rows: readonly Row[],
  columns: readonly string[],
  terminal: Pick<Terminal, "interactive" | "columns" | "style">,
): string {
  const cell = (value: Row[string]) =>
    clean(value === undefined || value === null || value === "" ? "-" : String(value)).trim();
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  if (!terminal.interactive) return cells.map((line) => line.join("\t")).join("\n");
  const lines = [columns.map((column) => column.toUpperCase()), ...cells];
  const widths = fit(
    columns.map((_, index) => Math.max(...lines.map((line) => displayWidth(line[index]!)))),
    terminal.columns,
  );
  return lines
    .map((line, number) => {
      const text = line
        .map((value, index) => pad(cut(value, widths[index]!), widths[index]!))
        .join(" ".repeat(GAP))
        .trimEnd();
      return number === 0 ? terminal.style("dim", text) : text;
    })
    .join("\n");
}

/** Takes from the widest column until the line fits; columns stay readable even if it does not. */
function fit(widths: readonly number[], columns: number): number[] {
  const fitted = [...widths];
  for (
    let over = fitted.reduce((sum, width) => sum + width, 0) + GAP * (fitted.length - 1) - columns;
    over > 0;
    over--
  ) {
    const widest = fitted.indexOf(Math.max(...fitted));
    if (fitted[widest]! <= NARROWEST) break;
    fitted[widest]!--;
  }
  return fitted;
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (displayWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

const pad = (text: string, width: number) => text + " ".repeat(Math.max(0, width - displayWidth(text)));
