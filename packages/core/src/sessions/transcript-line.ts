import { isObject } from "./plain-object.ts";
import type { TranscriptEntry } from "./transcript-types.ts";

/** Version this code writes; older files are migrated when they are opened. */
export const TRANSCRIPT_VERSION = 3;

/** Line 1 of a transcript. */
export interface TranscriptHeader {
  type: "session";
  version: number;
  id: string;
  timestamp: string;
  cwd: string;
  /** Path of the transcript this one was forked from. */
  parentSession?: string;
  [field: string]: unknown;
}

export type ParsedLine =
  | { kind: "blank" }
  | { kind: "header"; header: Record<string, unknown>; version: number }
  | { kind: "entry"; entry: Record<string, unknown> & { type: string } }
  | { kind: "bad"; reason: string };

/** Reads one line without judging ids, which versions before 2 do not have. */
export function parseTranscriptLine(text: string): ParsedLine {
  if (text.trim() === "") return { kind: "blank" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "bad", reason: text.includes("\0") ? "contains NUL bytes" : "not valid JSON" };
  }
  if (!isObject(value)) return { kind: "bad", reason: "not an object" };
  const { type } = value;
  if (typeof type !== "string" || type === "") return { kind: "bad", reason: "no type" };
  if (type === "session") {
    return { kind: "header", header: value, version: typeof value["version"] === "number" ? value["version"] : 1 };
  }
  if (type === "message" && !(isObject(value["message"]) && typeof value["message"]["role"] === "string")) {
    return { kind: "bad", reason: "message without a role" };
  }
  return { kind: "entry", entry: { ...value, type } };
}

/** True for entries of version 2 and later, which know their id. */
export function isTranscriptEntry(entry: Record<string, unknown>): entry is TranscriptEntry {
  const { id, parentId } = entry;
  const parentFine = parentId === undefined || parentId === null || typeof parentId === "string";
  return typeof id === "string" && id !== "" && parentFine;
}
