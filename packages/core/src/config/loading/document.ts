import { readFileSync, statSync } from "node:fs";
import type { SourceNode } from "../source/node.ts";
import { type ParsedSource, parseSource } from "../source/parse.ts";
import { lineColumn, SourceError } from "../source/scan.ts";
import { type ConfigIssue, type IssueCode } from "../issue.ts";

/** Larger files are refused: the largest configuration we know of has 200 kB. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** A configuration file that was read and understood. */
export interface SourceDocument {
  file: string;
  text: string;
  root: SourceNode;
}

export type Opened = { document: SourceDocument; issues: ConfigIssue[] } | { issue: ConfigIssue };

/** Reads text of at most `MAX_FILE_BYTES`. Throws what the file system throws, or a `RangeError` that says the size. */
export type ReadFile = (path: string) => string;

export const readSource: ReadFile = (path) => {
  const { size } = statSync(path);
  if (size > MAX_FILE_BYTES)
    throw new RangeError(`It has ${megabytes(size)}; at most ${megabytes(MAX_FILE_BYTES)} are read.`);
  return readFileSync(path, "utf8");
};

/** Reads the given texts as if they stood in their files, and everything else from the disk: for trying a change. */
export function readOver(files: readonly { path: string; text: string }[], base: ReadFile = readSource): ReadFile {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return (path) => texts.get(path) ?? base(path);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Parses one file's text. `chain` names the files that led here, for messages. */
export function openDocument(file: string, text: string, chain: readonly string[] = []): Opened {
  const at = (code: IssueCode, message: string, offset: number): ConfigIssue => ({
    code,
    path: "",
    message: message + via(chain),
    file,
    ...lineColumn(text, offset),
  });
  const zero = text.indexOf("\0");
  if (zero >= 0) return { issue: at("parse", "The file holds a zero byte. Save it as UTF-8 text.", zero) };
  let parsed: ParsedSource;
  try {
    parsed = parseSource(text);
  } catch (error) {
    if (error instanceof SourceError) return { issue: at("parse", error.message, error.offset) };
    throw error;
  }
  const issues = parsed.problems.map(({ message, offset }) => at("key", message, offset));
  return { document: { file, text, root: parsed.root }, issues };
}

export function via(chain: readonly string[]): string {
  return chain.length > 1 ? ` Included by way of ${chain.join(" -> ")}.` : "";
}

/** Why a file could not be read, as one sentence. */
export function readFailure(error: unknown, file: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return `The file ${file} does not exist.`;
  if (code === "EACCES" || code === "EPERM") return `The file ${file} may not be read: permission denied.`;
  if (code === "EISDIR") return `${file} is a directory.`;
  if (error instanceof RangeError) return `The file ${file} is too large. ${error.message}`;
  return `The file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
}
