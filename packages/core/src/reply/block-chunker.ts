import { graphemeBoundary } from "../text/grapheme-boundary.ts";
import { closingLine, type Fence, fenceAfter } from "./fence.ts";

export interface BlockChunkerOptions {
  /** Text waits until there is this much. Default 800. */
  minChars?: number;
  /** Most in a block. Default 1200; pass the channel's limit where it is smaller. */
  maxChars?: number;
  /** What is tried first. `newline` never looks at sentences, `sentence` never at single line breaks. */
  breakPreference?: "paragraph" | "newline" | "sentence";
  /** `newline`: every paragraph at once, however short. */
  chunkMode?: "length" | "newline";
  emit: (block: string) => void;
}

/** Cuts a reply into blocks while it is being written. */
export interface BlockChunker {
  push(delta: string): void;
  /** Emits what is left. The chunker may be used again. */
  flush(): void;
  /** Not emitted yet. */
  readonly pending: string;
}

export function createBlockChunker(options: BlockChunkerOptions): BlockChunker {
  const { breakPreference = "paragraph", chunkMode = "length", emit } = options;
  const max = Math.max(1, options.maxChars ?? 1200);
  const min = Math.min(options.minChars ?? 800, max);
  let buffer = "";
  /** Written again in front of the buffer: the block before was cut within this fence. */
  let open: Fence | undefined;

  function take(cut: { at: number; fence?: Fence | undefined }): void {
    const head = open ? `${open.opening}\n` : "";
    const piece = buffer.slice(0, cut.at);
    const text = cut.fence ? `${head}${piece.replace(/\n$/, "")}\n${closingLine(cut.fence)}` : (head + piece).trimEnd();
    buffer = cut.fence ? buffer.slice(cut.at).replace(/^\n/, "") : buffer.slice(cut.at).replace(/^\s*\n|^ +/, "");
    open = cut.fence;
    const trimmed = text.replace(/^(?:[ \t]*\n)+/, "");
    if (trimmed.trim() !== "") emit(trimmed);
  }

  function drain(): void {
    for (;;) {
      if (chunkMode === "newline") {
        const paragraph = findParagraph(buffer, open);
        if (paragraph !== undefined && paragraph <= max) {
          take({ at: paragraph });
          continue;
        }
      }
      const room = max - (open ? open.opening.length + 1 : 0);
      if (buffer.length < (chunkMode === "newline" ? room : min)) return;
      const full = buffer.length >= room;
      const cut = findBreak(buffer, { min, room, preference: breakPreference, open, full });
      if (cut) take(cut);
      else return;
    }
  }

  return {
    push(delta) {
      buffer += delta;
      drain();
    },
    flush() {
      drain();
      if (buffer !== "") take({ at: buffer.length });
      buffer = "";
      open = undefined;
    },
    get pending() {
      return buffer;
    },
  };
}

interface Search {
  min: number;
  room: number;
  preference: "paragraph" | "newline" | "sentence";
  open: Fence | undefined;
  /** The block cannot grow any more: a space, then any place, will do. */
  full: boolean;
}

function findBreak(
  text: string,
  { min, room, preference, open, full }: Search,
): { at: number; fence?: Fence | undefined } | undefined {
  const free = freeStretches(text, open);
  const isFree = (at: number) => at >= min && at <= room && free.some(([start, end]) => at >= start && at <= end);
  const kinds = [
    preference === "paragraph" ? /\n[ \t]*\n/g : undefined,
    preference === "sentence" ? undefined : /\n/g,
    preference === "newline" ? undefined : /[.!?](?=\s)/g,
    full ? /\s/g : undefined,
  ];
  for (const kind of kinds) {
    if (!kind) continue;
    let last: number | undefined;
    for (const match of text.slice(0, room + 1).matchAll(kind)) {
      const at = match.index + (kind.source.startsWith("[.!?]") ? 1 : 0);
      if (isFree(at)) last = at;
    }
    if (last !== undefined) return { at: last };
  }
  if (!full) return undefined;
  return cutAnywhere(text, room, open);
}

function cutAnywhere(text: string, room: number, open: Fence | undefined): { at: number; fence?: Fence | undefined } {
  const { fence, opensAt, contentAt } = fenceAt(text, room, open);
  if (!fence) return { at: graphemeBoundary(text, 0, room) };
  const limit = room - closingLine(fence).length - 1;
  if (contentAt < limit) {
    const line = text.lastIndexOf("\n", limit);
    return { at: line > contentAt ? line : graphemeBoundary(text, contentAt, limit), fence };
  }
  // The block began just now: it is better kept together than opened for nothing.
  if (opensAt > 0) return { at: opensAt };
  // Its opening line alone fills the message; nothing can be repeated.
  return { at: graphemeBoundary(text, 0, room) };
}

/** End of the first paragraph that is over, outside fences. */
function findParagraph(text: string, open: Fence | undefined): number | undefined {
  const free = freeStretches(text, open);
  for (const match of text.matchAll(/\S[ \t]*(?=\n[ \t]*\n)/g)) {
    const at = match.index + match[0].length;
    if (free.some(([start, end]) => at >= start && at <= end)) return at;
  }
  return undefined;
}

/** Stretches of text in which a cut breaks no fence, as offsets, both ends included. */
function freeStretches(text: string, open: Fence | undefined): [number, number][] {
  const stretches: [number, number][] = [];
  let fence = open;
  let start = open ? undefined : 0;
  let position = 0;
  for (const line of text.split("\n")) {
    const end = position + line.length;
    const before = fence;
    fence = fenceAfter(line, fence);
    if (!before && fence) {
      if (start !== undefined && position > start) stretches.push([start, position - 1]);
      start = undefined;
    } else if (before && !fence) start = end;
    position = end + 1;
  }
  if (start !== undefined) stretches.push([start, text.length]);
  return stretches;
}

/** The fence open at an offset, where its line starts and where its content does (0 for one carried over). */
function fenceAt(
  text: string,
  at: number,
  open: Fence | undefined,
): { fence?: Fence | undefined; opensAt: number; contentAt: number } {
  let fence = open;
  let opensAt = 0;
  let contentAt = 0;
  let position = 0;
  for (const line of text.slice(0, at).split("\n").slice(0, -1)) {
    const before = fence;
    fence = fenceAfter(line, fence);
    if (fence && !before) [opensAt, contentAt] = [position, position + line.length + 1];
    position += line.length + 1;
  }
  return { fence, opensAt, contentAt };
}
