import { isDeepStrictEqual } from "node:util";
import { OpenClawError } from "../../error.ts";
import { type ConfigPath, formatPath, isPlain } from "../path.ts";
import { type ArrayNode, entryOf, type ObjectNode, type SourceNode, toValue } from "./node.ts";
import { parseSource } from "./parse.ts";
import { lineColumn, skipTrivia, SourceError } from "./scan.ts";
import { lineIndent, lineStart, printKey, printValue, type Style, styleOf } from "./style.ts";

/** One change: a value to put at a path, or `undefined` to take the key or list entry away. */
export interface ConfigEdit {
  path: ConfigPath;
  value: unknown;
}

interface Splice {
  start: number;
  end: number;
  text: string;
}

/**
 * Applies edits to JSON5 text and leaves the rest of it as it is: comments, order, quotes, indentation, line ends. Only
 * the parts of a section or list that differ are written anew. Missing sections on the way are made. An edit that changes
 * nothing changes no character. Empty text counts as `{}`.
 *
 * Fails with `CONFIG_PARSE` when the text is not JSON5, and `CONFIG_PATH` when a path leads through a single value.
 */
export function editConfig(raw: string, edits: readonly ConfigEdit[]): string {
  let text = raw.trim() === "" ? "{}\n" : raw;
  for (const edit of edits) text = applyEdit(text, edit);
  return text;
}

function applyEdit(text: string, { path, value }: ConfigEdit): string {
  const root = parse(text);
  const node = find(root, path);
  // One small change at a time, each on a fresh tree: changes to neighbours then cannot get in each other's way.
  let result = text;
  const changes =
    node && value !== undefined
      ? differences(toValue(node), value, path)
      : node
        ? [{ kind: "remove" as const, path }]
        : missing(root, path, value);
  for (const change of changes) result = applyChange(result, change);
  if (value !== undefined && !isDeepStrictEqual(withoutUndefined(value), read(result, path))) {
    throw new OpenClawError({
      code: "CONFIG_EDIT",
      message: `The change of ${formatPath(path)} would not read back as written; nothing was changed.`,
      hint: "Change the file by hand.",
    });
  }
  return result;
}

function read(text: string, path: ConfigPath): unknown {
  const node = find(parse(text), path);
  return node && toValue(node);
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => (child === undefined ? [] : [[key, withoutUndefined(child)]])),
  );
}

type Change =
  | { kind: "set"; path: ConfigPath; value: unknown }
  | { kind: "remove"; path: ConfigPath }
  /** A new key of a section, or a new last entry of a list. */
  | { kind: "add"; path: ConfigPath; key?: string; value: unknown }
  | { kind: "insert"; path: ConfigPath; index: number; value: unknown };

function find(root: SourceNode, path: ConfigPath): SourceNode | undefined {
  let node: SourceNode | undefined = root;
  for (const step of path) {
    if (node.kind === "scalar") return undefined;
    node =
      node.kind === "array"
        ? typeof step === "number" || /^\d+$/.test(step)
          ? node.items[Number(step)]
          : undefined
        : entryOf(node, String(step))?.value;
    if (!node) return undefined;
  }
  return node;
}

/** What has to be made for a path that does not exist yet. */
function missing(root: SourceNode, path: ConfigPath, value: unknown): Change[] {
  const depth = path.findIndex((_, index) => !find(root, path.slice(0, index + 1)));
  const parent = find(root, path.slice(0, depth))!;
  const step = path[depth]!;
  if (parent.kind === "scalar") throw notASection(path.slice(0, depth), step);
  if (parent.kind === "array" && Number(step) !== parent.items.length)
    throw noEntry(path.slice(0, depth), step, parent.items.length);
  if (value === undefined) return [];
  const nested = path
    .slice(depth + 1)
    .reduceRight<unknown>((inner, next) => (next === 0 ? [inner] : { [next]: inner }), value);
  return [
    { kind: "add", path: path.slice(0, depth), value: nested, ...(parent.kind === "object" && { key: String(step) }) },
  ];
}

function differences(old: unknown, value: unknown, path: ConfigPath): Change[] {
  if (isDeepStrictEqual(old, value)) return [];
  if (isPlain(old) && isPlain(value)) {
    const changed = Object.entries(value).flatMap(([key, child]): Change[] => {
      if (child === undefined) return [];
      return Object.hasOwn(old, key)
        ? differences(old[key], child, [...path, key])
        : [{ kind: "add", path, key, value: child }];
    });
    const gone = Object.keys(old).filter((key) => value[key] === undefined);
    return [...changed, ...gone.map((key): Change => ({ kind: "remove", path: [...path, key] }))];
  }
  return Array.isArray(old) && Array.isArray(value)
    ? listDifferences(old, value, path)
    : [{ kind: "set", path, value }];
}

/** Entries that are alike at the start and at the end of a list stay where they are. */
function listDifferences(old: readonly unknown[], value: readonly unknown[], path: ConfigPath): Change[] {
  const shorter = Math.min(old.length, value.length);
  let head = 0;
  while (head < shorter && isDeepStrictEqual(old[head], value[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isDeepStrictEqual(old.at(-1 - tail), value.at(-1 - tail))) tail++;
  const both = shorter - tail;
  const changes: Change[] = [];
  for (let index = head; index < both; index++)
    changes.push(...differences(old[index], value[index], [...path, index]));
  for (let index = old.length - tail - 1; index >= both; index--)
    changes.push({ kind: "remove", path: [...path, index] });
  for (let index = both; index < value.length - tail; index++) {
    changes.push(
      tail > 0 ? { kind: "insert", path, index, value: value[index] } : { kind: "add", path, value: value[index] },
    );
  }
  return changes;
}

function applyChange(text: string, change: Change): string {
  const root = parse(text);
  const editor = createEditor(text, styleOf(text, root));
  const node = find(root, change.kind === "remove" ? change.path.slice(0, -1) : change.path);
  if (change.kind === "set") editor.replace(node!, change.value);
  else if (!node || node.kind === "scalar") throw notASection(change.path, "");
  else if (change.kind === "remove") editor.remove(node, change.path.at(-1)!);
  else if (change.kind === "add") editor.append(node, change.value, change.key);
  else if (node.kind === "array") editor.insert(node, change.index, change.value);
  return editor.result();
}

function parse(text: string): SourceNode {
  try {
    return parseSource(text).root;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { line, column } = lineColumn(text, error.offset);
    throw new OpenClawError({
      code: "CONFIG_PARSE",
      message: `Line ${line}, column ${column}: ${error.message}`,
      hint: "Repair the file by hand, then run this again.",
    });
  }
}

function createEditor(text: string, style: Style) {
  const splices: Splice[] = [];

  function replace(node: SourceNode, value: unknown): void {
    splices.push({ start: node.start, end: node.end, text: printValue(value, style, lineIndent(text, node.start)) });
  }

  function insert(node: ArrayNode, index: number, value: unknown): void {
    const { start } = node.items[index]!;
    const indent = lineIndent(text, start);
    const ownLine = text.slice(lineStart(text, start), start).trim() === "";
    splices.push({
      start,
      end: start,
      text: `${printValue(value, style, indent)},${ownLine ? style.eol + indent : " "}`,
    });
  }

  /** Adds a key or list entry after the last one. */
  function append(node: ObjectNode | ArrayNode, value: unknown, key?: string): void {
    const print = (indent: string) =>
      (key === undefined ? "" : `${printKey(key, style)}: `) + printValue(value, style, indent);
    const last = spans(node).at(-1);
    if (!last) return fill(node, print);
    const comma = commaAfter(last.end);
    const ownLine =
      lineStart(text, node.end - 1) > node.start && text.slice(lineStart(text, last.start), last.start).trim() === "";
    if (!ownLine) {
      const position = comma ?? last.end;
      splices.push({
        start: position,
        end: comma === undefined ? position : comma + 1,
        text: `, ${print(lineIndent(text, node.start))}${comma === undefined ? "" : ","}`,
      });
      return;
    }
    const indent = lineIndent(text, last.start);
    const after = endOfLine(comma === undefined ? last.end : comma + 1, node.end - 1);
    if (comma === undefined) splices.push({ start: last.end, end: last.end, text: "," });
    splices.push({
      start: after,
      end: after,
      text: `${style.eol}${indent}${print(indent)}${comma === undefined ? "" : ","}`,
    });
  }

  /** Puts the first key or entry into an empty section or list, under the comments that may stand there. */
  function fill(node: ObjectNode | ArrayNode, print: (indent: string) => string): void {
    const outer = lineIndent(text, node.start);
    const indent = outer + style.indent;
    const content = print(indent);
    const from = trimEnd(node.start + 1, node.end - 1);
    const tight = from === node.start + 1 && node.start > 0 && !content.includes("\n") && content.length < 60;
    const pad = node.kind === "object" ? " " : "";
    const spread = `${style.eol}${indent}${content}${style.quotedKeys ? "" : ","}${style.eol}${outer}`;
    splices.push({ start: from, end: node.end - 1, text: tight ? pad + content + pad : spread });
  }

  /** Takes a key (every time it is written) or a list entry out. Comments around it stay. */
  function remove(node: ObjectNode | ArrayNode, step: string | number): void {
    const children = spans(node);
    const indexes =
      node.kind === "array"
        ? [Number(step)]
        : node.entries.flatMap((entry, index) => (entry.key === String(step) ? [index] : []));
    for (const index of indexes) cut(children, index, node.start + 1);
    const kept = children.findLastIndex((_, index) => !indexes.includes(index));
    const wasLast = indexes.includes(children.length - 1) && commaAfter(children.at(-1)!.end) === undefined;
    const comma = wasLast && kept >= 0 ? commaAfter(children[kept]!.end) : undefined;
    // The last one had no comma after it, so the one that is last now gets none.
    if (comma !== undefined) splices.push({ start: comma, end: comma + 1, text: "" });
  }

  function cut(children: readonly { start: number; end: number }[], index: number, contentStart: number): void {
    const { start, end } = children[index]!;
    const comma = commaAfter(end);
    const rest = endOfBlanks(comma === undefined ? end : comma + 1);
    const begin = lineStart(text, start);
    const startsLine = begin >= contentStart && text.slice(begin, start).trim() === "";
    const endsLine = rest >= text.length || /[\r\n]/.test(text[rest]!);
    if (startsLine && endsLine) {
      const next = text[rest] === "\r" && text[rest + 1] === "\n" ? rest + 2 : Math.min(rest + 1, text.length);
      erase(begin, next, end, comma);
    } else {
      erase(start, rest, end, comma);
    }
  }

  /** Erases from `from` to `to`, but not the comments between a value's end and its comma. */
  function erase(from: number, to: number, valueEnd: number, comma: number | undefined): void {
    const between = comma === undefined ? "" : text.slice(valueEnd, comma);
    splices.push({ start: from, end: to, text: between.trim() === "" ? "" : between.trim() + style.eol });
  }

  function commaAfter(offset: number): number | undefined {
    const next = skipTrivia(text, offset);
    return text[next] === "," ? next : undefined;
  }

  function endOfBlanks(offset: number): number {
    let at = offset;
    while (text[at] === " " || text[at] === "\t") at++;
    return at;
  }

  function trimEnd(from: number, to: number): number {
    let at = to;
    while (at > from && /\s/.test(text[at - 1]!)) at--;
    return at;
  }

  function endOfLine(offset: number, limit: number): number {
    let at = offset;
    while (at < limit && !/[\r\n]/.test(text[at]!)) {
      // A comment over several lines belongs to the value before it.
      const close = text.startsWith("/*", at) ? text.indexOf("*/", at) : -1;
      if (text.startsWith("//", at)) return lineEnd(at, limit);
      at = close < 0 ? at + 1 : close + 2;
    }
    return at;
  }

  function lineEnd(offset: number, limit: number): number {
    let at = offset;
    while (at < limit && !/[\r\n]/.test(text[at]!)) at++;
    return at;
  }

  function result(): string {
    let output = text;
    // Later offsets first; of two at one offset the one added first must end up in front.
    for (const [, { start, end, text: inserted }] of [...splices.entries()].toSorted(
      ([i, a], [j, b]) => b.start - a.start || j - i,
    )) {
      output = output.slice(0, start) + inserted + output.slice(end);
    }
    return output;
  }

  return { replace, insert, append, remove, result };
}

function spans(node: ObjectNode | ArrayNode): { start: number; end: number }[] {
  return node.kind === "array"
    ? node.items
    : node.entries.map(({ keyStart, value }) => ({ start: keyStart, end: value.end }));
}

function notASection(path: ConfigPath, step: string | number): OpenClawError {
  return new OpenClawError({
    code: "CONFIG_PATH",
    message: `${formatPath(path)} is a single value and has no key ${JSON.stringify(step)}.`,
    hint: `Set ${formatPath(path)} itself, or unset it first.`,
  });
}

function noEntry(path: ConfigPath, step: string | number, length: number): OpenClawError {
  return new OpenClawError({
    code: "CONFIG_PATH",
    message: `${formatPath(path)} is a list of ${length} entries and has no entry ${JSON.stringify(step)}.`,
    hint: `Use an index from 0 to ${length}.`,
  });
}
