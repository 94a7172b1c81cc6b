import type { ConfigPath } from "./path.ts";

export type IssueCode =
  /** The text is not JSON5. */
  | "parse"
  /** The file cannot be read, or is too large. */
  | "file"
  /** A key stands twice in one object, or could reach a prototype. */
  | "key"
  | "include"
  /** `${NAME}` names a variable that is missing or empty. */
  | "env"
  | "unknown-key"
  | "missing-key"
  /** Wrong type or value. */
  | "value"
  /** Right by itself, wrong together with other keys. */
  | "combination";

/** Something wrong with a configuration, ready to be shown. Holds no secret. */
export interface ConfigIssue {
  code: IssueCode;
  /** `agents.list[0].id`; empty for the whole file. */
  path: string;
  /** What is wrong, one sentence. */
  message: string;
  /** What would be right, e.g. `a whole number`. */
  expected?: string;
  /** Text to write instead, e.g. the nearest known key. */
  suggestion?: string;
  /** Absolute path of the file that holds it. */
  file: string;
  /** One-based; 1:1 when the place is unknown. Columns count UTF-16 units. */
  line: number;
  column: number;
}

/** An issue before its place in the source is known. */
export interface Finding extends Omit<ConfigIssue, "path" | "file" | "line" | "column"> {
  path: ConfigPath;
  /** Point at the key rather than at its value. */
  atKey?: boolean;
}

/** `file:line:column path: message. Did you mean "x"?` */
export function formatIssue({ file, line, column, path, message, suggestion }: ConfigIssue): string {
  return `${file}:${line}:${column} ${path && `${path}: `}${message}${suggestion === undefined ? "" : ` Did you mean ${suggestion}?`}`;
}
