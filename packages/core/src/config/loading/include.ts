import { dirname, isAbsolute, resolve } from "node:path";
import { expandHome } from "../../paths/index.ts";
import type { ConfigIssue } from "../issue.ts";
import { type ConfigPath, formatPath, isPlain, type Plain } from "../path.ts";
import { entryOf, type SourceNode, toValue } from "../source/node.ts";
import { lineColumn } from "../source/scan.ts";
import { openDocument, readFailure, type ReadFile, type SourceDocument, via } from "./document.ts";

/** Files may include files this many levels deep. */
const MAX_INCLUDE_DEPTH = 10;

export interface IncludeResult {
  value: unknown;
  issues: ConfigIssue[];
  /** Every file read, the first one first. */
  documents: Map<string, SourceDocument>;
  /** Every file that was asked for, readable or not, without the first one: what a watcher watches. */
  includes: string[];
}

export interface IncludeOptions {
  readFile: ReadFile;
  homedir: string;
}

/** Replaces every `$include` by what it names. Problems are collected; the place of a failed include stays empty. */
export function resolveIncludes(root: SourceDocument, { readFile, homedir }: IncludeOptions): IncludeResult {
  const documents = new Map([[root.file, root]]);
  const includes = new Set<string>();
  const issues: ConfigIssue[] = [];

  function value(node: SourceNode, document: SourceDocument, chain: readonly string[], path: ConfigPath): unknown {
    if (node.kind === "scalar") return node.value;
    if (!mayInclude(document.text)) return toValue(node);
    if (node.kind === "array")
      return node.items
        .map((item, index) => value(item, document, chain, [...path, index]))
        .filter((item) => item !== undefined);
    const own = (): Plain => {
      const result: Plain = {};
      for (const entry of node.entries) {
        if (entry.key !== "$include" && entry.key !== "__proto__")
          put(result, entry.key, value(entry.value, document, chain, [...path, entry.key]));
      }
      return result;
    };
    const include = entryOf(node, "$include");
    if (!include) return own();
    const complain = (message: string) =>
      void issues.push({
        code: "include",
        path: formatPath([...path, "$include"]),
        message,
        file: document.file,
        ...lineColumn(document.text, include.value.start),
      });
    const names = includeNames(include.value);
    if (!names) {
      complain("$include takes the name of a file, or a list of names.");
      return own();
    }
    const parts = names.flatMap((name) => {
      const loaded = load(includePath(name, document.file, homedir), chain, complain);
      return loaded ? [value(loaded.document.root, loaded.document, loaded.chain, path)] : [];
    });
    if (node.entries.every((entry) => entry.key === "$include")) return merge(parts, complain);
    const siblings = own();
    if (parts.length === 0) return siblings;
    const included = merge(parts, complain);
    if (isPlain(included)) return override(included, siblings);
    complain("Keys beside $include need an included section { ... }, not a list or a single value.");
    return siblings;
  }

  function merge(parts: readonly unknown[], complain: (message: string) => void): unknown {
    if (parts.length > 1 && !(parts.every(isPlain) || parts.every(Array.isArray)))
      complain("The files of one $include must all hold sections, or all hold lists.");
    return parts.length === 0 ? undefined : parts.reduce((merged, part) => mergeIncluded(merged, part));
  }

  function load(file: string, chain: readonly string[], complain: (message: string) => void) {
    const next = [...chain, file];
    includes.add(file);
    if (chain.includes(file)) return complain(`These files include each other in a circle: ${next.join(" -> ")}.`);
    if (chain.length > MAX_INCLUDE_DEPTH)
      return complain(`Files are included deeper than ${MAX_INCLUDE_DEPTH} levels: ${next.join(" -> ")}.`);
    const known = documents.get(file);
    if (known) return { document: known, chain: next };
    let text: string;
    try {
      text = readFile(file);
    } catch (error) {
      return complain(readFailure(error, file) + via(next));
    }
    const opened = openDocument(file, text, next);
    if ("issue" in opened) {
      issues.push({ ...opened.issue, code: "include" });
      return undefined;
    }
    issues.push(...opened.issues);
    documents.set(file, opened.document);
    return { document: opened.document, chain: next };
  }

  const result = value(root.root, root, [root.file], []);
  return { value: result === undefined ? {} : result, issues, documents, includes: [...includes] };
}

/** Most files include nothing. An escape may hide the name. */
function mayInclude(text: string): boolean {
  return text.includes("$include") || text.includes("\\u");
}

/** What a failed include leaves is no value at all: one report is enough. */
function put(target: Plain, key: string, value: unknown): void {
  if (value !== undefined) target[key] = value;
}

/** The file names of an `$include`; undefined when it holds something else. */
export function includeNames(node: SourceNode): string[] | undefined {
  if (node.kind === "scalar") return typeof node.value === "string" && node.value !== "" ? [node.value] : undefined;
  if (node.kind === "object") return undefined;
  const names = node.items.map((item) => (item.kind === "scalar" ? item.value : undefined));
  return names.length > 0 && names.every((name): name is string => typeof name === "string" && name !== "")
    ? names
    : undefined;
}

export function includePath(name: string, includingFile: string, homedir: string): string {
  const expanded = expandHome(name, homedir);
  return isAbsolute(expanded) ? resolve(expanded) : resolve(dirname(includingFile), expanded);
}

/** Files of one `$include`, in order: sections join, lists are put one after the other, a later value replaces an earlier. */
export function mergeIncluded(earlier: unknown, later: unknown): unknown {
  if (Array.isArray(earlier) && Array.isArray(later)) return [...(earlier as unknown[]), ...(later as unknown[])];
  return join(earlier, later, mergeIncluded);
}

/** Keys beside `$include`: sections join, everything else replaces what was included. */
export function override(included: unknown, sibling: unknown): unknown {
  return join(included, sibling, override);
}

function join(base: unknown, over: unknown, combine: (base: unknown, over: unknown) => unknown): unknown {
  if (!isPlain(base) || !isPlain(over)) return over;
  const result: Plain = { ...base };
  for (const [key, value] of Object.entries(over))
    result[key] = Object.hasOwn(base, key) ? combine(base[key], value) : value;
  return result;
}
