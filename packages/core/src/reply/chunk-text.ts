import { graphemeBoundary } from "../text/grapheme-boundary.ts";
import { closingLine, type Fence, fenceAfter } from "./fence.ts";

export interface ChunkOptions {
  /** Most UTF-16 units in a chunk. */
  limit: number;
  /** `length` (default): as few chunks as fit. `newline`: one for each paragraph, longer ones by length. */
  mode?: "length" | "newline";
  /** Most lines in a chunk, where clients fold longer messages. */
  maxLines?: number;
}

/**
 * Cuts markdown into messages. Prefers a line break, then a space outside parentheses and brackets, then the last place between two
 * visible characters. A code block that must be cut is closed and opened again with its own opening line. White space
 * at a cut is dropped, nothing else.
 */
export function chunkText(text: string, options: ChunkOptions): string[] {
  const limit = Math.max(1, Math.floor(options.limit));
  const maxLines = options.maxLines ?? Number.POSITIVE_INFINITY;
  const parts = options.mode === "newline" ? paragraphs(text) : [text];
  return parts.flatMap((part) => cutToSize(part, limit, maxLines));
}

function cutToSize(text: string, limit: number, maxLines: number): string[] {
  const chunks: string[] = [];
  let rest = text;
  let open: Fence | undefined;
  while (open ? rest !== "" : rest.trim() !== "") {
    let reopening: string = open ? `${open.opening}\n` : "";
    // A fence line that fills the message by itself cannot be repeated.
    if (open && reopening.length + closingLine(open).length + 2 > limit / 2) [reopening, open] = ["", undefined];
    const room = limit - reopening.length;
    const lines = maxLines - (open ? 1 : 0);
    if (rest.length <= room && countLines(rest, lines) <= lines) {
      chunks.push(reopening + rest.trimEnd());
      break;
    }
    const cut = findCut(rest, { room, lines, open });
    const closing: string = cut.fence ? `\n${closingLine(cut.fence)}` : "";
    const piece = cut.fence ? rest.slice(0, cut.at) : rest.slice(0, cut.at).trimEnd();
    if (piece.trim() !== "" || closing !== "") chunks.push(reopening + piece + closing);
    rest = rest.slice(cut.at);
    if (cut.fence) rest = rest.replace(/^\n/, "");
    else rest = cut.atBreak ? rest.replace(/^(?:[ \t]*\n)+/, "").replace(/^ (?=\S)/, "") : rest;
    open = cut.fence;
  }
  return chunks.filter((chunk) => chunk.trim() !== "");
}

interface Cut {
  at: number;
  /** At white space, which is dropped; otherwise between two characters. */
  atBreak: boolean;
  /** Open at the cut: must be closed before and opened after it. */
  fence?: Fence | undefined;
}

function findCut(text: string, { room, lines, open }: { room: number; lines: number; open: Fence | undefined }): Cut {
  let fence = open;
  let depth = 0;
  let seen = 0;
  let outside: number | undefined;
  let nested: number | undefined;
  let inside: Cut | undefined;
  let start = 0;

  for (;;) {
    const end = text.indexOf("\n", start);
    const before = fence;
    if (end < 0 || end > room) break;
    const line = text.slice(start, end);
    fence = fenceAfter(line, before);
    seen += 1;
    if (seen + (fence ? 1 : 0) > lines && (outside ?? inside ?? nested) !== undefined) {
      fence = before;
      break;
    }
    if (!fence && !before) depth = parenthesesAfter(line, depth);
    if (fence) {
      // Not right behind the opening line: that would leave an empty block.
      const fits = end + 1 + closingLine(fence).length <= room;
      if (fits && before === fence) inside = { at: end, atBreak: true, fence };
    } else if (depth === 0) {
      if (end > 0) outside = end;
    } else if (end > 0) nested = end;
    start = end + 1;
    if (seen >= lines) break;
  }

  const inBlock = inside !== undefined && inside.at > (outside ?? 0);
  // A short lead-in before a long block is not worth a message of its own.
  if (outside !== undefined && (!inBlock || outside > room / 2)) return { at: outside, atBreak: true };
  if (inside && inBlock) return inside;
  if (fence && start < room) return cutInside(text, room, fence, outside);
  return outside === undefined ? cutLine(text, room, nested) : { at: outside, atBreak: true };
}

/** A line of code that is longer than a message. */
function cutInside(text: string, room: number, fence: Fence, outside: number | undefined): Cut {
  if (outside !== undefined) return { at: outside, atBreak: true };
  const limit = room - closingLine(fence).length - 1;
  const opens = text.startsWith(fence.opening) ? fence.opening.length + 1 : 0;
  if (limit <= opens) return { at: graphemeBoundary(text, 0, room), atBreak: false };
  return { at: graphemeBoundary(text, opens, limit), atBreak: false, fence };
}

/** Plain text without a line break in reach. */
function cutLine(text: string, room: number, nested: number | undefined): Cut {
  let depth = 0;
  let space = 0;
  let anySpace = 0;
  for (let at = 0; at <= room && at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "(" || character === "[") depth += 1;
    else if (character === ")" || character === "]") depth = Math.max(0, depth - 1);
    else if (/\s/.test(character) && at > 0) {
      anySpace = at;
      if (depth === 0) space = at;
    }
  }
  const at = space || nested || anySpace;
  return at ? { at, atBreak: true } : { at: graphemeBoundary(text, 0, room), atBreak: false };
}

function parenthesesAfter(line: string, depth: number): number {
  let now = depth;
  for (const character of line) {
    if (character === "(") now += 1;
    else if (character === ")") now = Math.max(0, now - 1);
  }
  return now;
}

/** Parts between empty lines; code blocks stay whole. */
export function paragraphs(text: string): string[] {
  const parts: string[] = [];
  let current: string[] = [];
  let fence: Fence | undefined;
  for (const line of text.split("\n")) {
    if (!fence && line.trim() === "") {
      if (current.length > 0) parts.push(current.join("\n"));
      current = [];
    } else current.push(line);
    fence = fenceAfter(line, fence);
  }
  if (current.length > 0) parts.push(current.join("\n"));
  return parts;
}

function countLines(text: string, enough: number): number {
  if (enough === Number.POSITIVE_INFINITY) return 1;
  return text.trimEnd().split("\n", enough + 1).length;
}
