import { OpenClawError } from "@openclaw/core";
import type { PatchChunk } from "./parse-patch.ts";

/** Signs that models write for others that look alike. */
const LOOKALIKES: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212]/g, "-"],
  [/[\u2018-\u201b]/g, "'"],
  [/[\u201c-\u201f]/g, '"'],
  [/[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g, " "],
];

/** From exact to lenient; the first that finds a place decides. */
const LEVELS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
  (line) => LOOKALIKES.reduce((text, [pattern, sign]) => text.replaceAll(pattern, sign), line.trim()),
];

/** Applies the parts of a change in order. Throws `PATCH_NO_MATCH` with the lines that were looked for. */
export function applyChunks(content: string, chunks: readonly PatchChunk[], path: string): string {
  const windows = content.includes("\r\n");
  const lines = content.replaceAll("\r\n", "\n").split("\n");
  const ended = lines.at(-1) === "";
  if (ended) lines.pop();
  const result: string[] = [];
  let done = 0;
  for (const { context, old, fresh, endOfFile } of chunks) {
    let from = done;
    if (context !== undefined) {
      const found = seek(lines, [context], from, false);
      if (found === undefined) throw noMatch(path, [context], "the context after @@");
      from = found + 1;
    }
    // A line end that stands as an empty last line in the patch is no line of the file.
    const shorter =
      old.at(-1) === "" && fresh.at(-1) === "" ? { old: old.slice(0, -1), fresh: fresh.slice(0, -1) } : undefined;
    let place = old.length > 0 ? seek(lines, old, from, endOfFile) : context === undefined ? lines.length : from;
    let part = { old, fresh };
    if (place === undefined && shorter) {
      place = seek(lines, shorter.old, from, endOfFile);
      part = shorter;
    }
    if (place === undefined) throw noMatch(path, old, "these lines");
    result.push(...lines.slice(done, place), ...part.fresh);
    done = place + part.old.length;
  }
  result.push(...lines.slice(done));
  const text = result.join("\n") + (result.length > 0 ? "\n" : "");
  return windows ? text.replaceAll("\n", "\r\n") : text;
}

function seek(lines: readonly string[], wanted: readonly string[], from: number, atEnd: boolean): number | undefined {
  const last = lines.length - wanted.length;
  if (last < from) return undefined;
  for (const level of LEVELS) {
    const goal = wanted.map(level);
    const fits = (start: number) => goal.every((line, index) => level(lines[start + index] ?? "") === line);
    if (atEnd && fits(last)) return last;
    for (let start = from; start <= last; start++) if (fits(start)) return start;
  }
  return undefined;
}

function noMatch(path: string, wanted: readonly string[], what: string): OpenClawError {
  return new OpenClawError({
    code: "PATCH_NO_MATCH",
    message: `${path} does not have ${what}, or not in this order:\n${wanted.slice(0, 12).join("\n")}`,
    hint: "Nothing was changed. Read the file and take its lines.",
  });
}
