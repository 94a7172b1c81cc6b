import type { SourceNode } from "./node.ts";

/** How a document is written, so that what is added looks the same. */
export interface Style {
  indent: string;
  eol: string;
  /** Quote of texts. */
  quote: '"' | "'";
  /** Every key is quoted, as in plain JSON. */
  quotedKeys: boolean;
}

export function styleOf(text: string, root: SourceNode): Style {
  const tally = { single: 0, double: 0, keys: 0, quotedKeys: 0 };
  const visit = (node: SourceNode): void => {
    if (node.kind === "array") node.items.forEach(visit);
    else if (node.kind === "scalar") {
      if (text[node.start] === "'") tally.single++;
      if (text[node.start] === '"') tally.double++;
    } else {
      for (const { keyStart, value } of node.entries) {
        tally.keys++;
        if (text[keyStart] === '"' || text[keyStart] === "'") tally.quotedKeys++;
        visit(value);
      }
    }
  };
  visit(root);
  return {
    indent: /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ",
    eol: text.includes("\r\n") ? "\r\n" : "\n",
    quote: tally.single > tally.double ? "'" : '"',
    quotedKeys: tally.keys > 0 && tally.quotedKeys === tally.keys,
  };
}

/** White space at the start of the line that holds `offset`. */
export function lineIndent(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start))![0];
}

export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** Longest value that stays on one line. */
const LINE = 72;

/** A value as text. `indent` is the white space of the line it begins on. */
export function printValue(value: unknown, style: Style, indent: string): string {
  const flat = printFlat(value, style);
  if (flat.length + indent.length <= LINE || typeof value !== "object" || value === null) return flat;
  const inner = indent + style.indent;
  const comma = style.quotedKeys ? "" : ",";
  const lines = Array.isArray(value)
    ? value.map((item) => inner + printValue(item, style, inner))
    : defined(value).map(([key, child]) => `${inner}${printKey(key, style)}: ${printValue(child, style, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return [open, lines.join(`,${style.eol}`) + comma, indent + close].join(style.eol);
}

function printFlat(value: unknown, style: Style): string {
  if (typeof value === "string") return printText(value, style);
  if (Array.isArray(value))
    return value.length === 0 ? "[]" : `[${value.map((item) => printFlat(item, style)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const parts = defined(value).map(([key, child]) => `${printKey(key, style)}: ${printFlat(child, style)}`);
    return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
  }
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "null";
}

function defined(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, child]) => child !== undefined);
}

export function printKey(key: string, style: Style): string {
  return !style.quotedKeys && /^[A-Za-z_$][\w$]*$/.test(key) ? key : printText(key, style);
}

function printText(text: string, { quote }: Style): string {
  const escaped = JSON.stringify(text);
  if (quote === '"' || text.includes("'")) return escaped;
  return `'${escaped.slice(1, -1).replaceAll('\\"', '"')}'`;
}
