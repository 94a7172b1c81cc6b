import type { Terminal } from "./terminal.ts";

export type Row = Readonly<Record<string, unknown>>;

/**
 * Rows for whoever reads: a person gets aligned columns with a header, a pipe gets tab-separated lines without one.
 * Control characters are taken out, because names come from strangers.
 */
export function formatTable(rows: readonly Row[], columns: readonly string[], terminal: Terminal): string {
  const cell = (value: unknown) => clean(value === undefined || value === null || value === "" ? "-" : String(value));
  if (!terminal.interactive) return rows.map((row) => columns.map((column) => cell(row[column])).join("\t")).join("\n");
  const lines = [columns.map((column) => column.toUpperCase()), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line, number) => {
      const text = line.map((value, index) => value.padEnd(widths[index] ?? 0)).join("  ").trimEnd();
      return number === 0 ? terminal.style("dim", text) : text;
    })
    .join("\n");
}

/** Text without control characters and escapes: what a stranger wrote cannot move the cursor. */
export const clean = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");
