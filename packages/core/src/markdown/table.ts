import type { IrBuilder } from "./ir-builder.ts";
import { displayWidth } from "./display-width.ts";

export type TableMode = "code" | "bullets" | "off";

export interface TableCell {
  /** Plain text on one line. */
  text: string;
  /** Writes the cell with its marks. */
  write(builder: IrBuilder): void;
}

export interface Table {
  header: TableCell[];
  rows: TableCell[][];
  align: ("left" | "right" | "center" | null)[];
  /** As it was written. */
  raw: string;
  mode: TableMode;
}

/** No chat shows tables: they become an aligned block, a list of rows, or stay as written. */
export function writeTable(table: Table, builder: IrBuilder): void {
  if (table.mode === "off") builder.write(table.raw.trimEnd());
  else if (table.mode === "bullets") writeBullets(table, builder);
  else builder.mark("pre", () => builder.write(aligned(table)));
}

function aligned({ header, rows, align }: Table): string {
  const widths = header.map((cell, column) =>
    Math.max(3, ...[cell, ...rows.map((row) => row[column])].map((one) => displayWidth(one?.text ?? ""))),
  );
  const line = (cells: TableCell[]) =>
    widths
      .map((width, column) => pad(cells[column]?.text ?? "", width, align[column] ?? "left"))
      .join(" | ")
      .trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("-+-"), ...rows.map(line)].join("\n");
}

/** The first column names the row; the others follow as `Header: value`. */
function writeBullets({ header, rows }: Table, builder: IrBuilder): void {
  for (const row of rows) {
    builder.gap(1);
    builder.write("• ");
    const [title, ...cells] = row;
    builder.mark("bold", () => title?.write(builder));
    for (const [index, cell] of cells.entries()) {
      if (cell.text === "") continue;
      const name = header[index + 1]?.text ?? "";
      builder.write(`${index === 0 ? ": " : "; "}${name === "" || cells.length === 1 ? "" : `${name}: `}`);
      cell.write(builder);
    }
  }
}

function pad(text: string, width: number, align: "left" | "right" | "center"): string {
  const space = Math.max(0, width - displayWidth(text));
  const left = align === "right" ? space : align === "center" ? Math.floor(space / 2) : 0;
  return " ".repeat(left) + text + " ".repeat(space - left);
}
