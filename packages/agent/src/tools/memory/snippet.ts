import type { Chunk } from "./chunk.ts";
import { fold } from "./words.ts";

const maxSnippet = 700;

/** The lines around the best match, at most 700 characters, with their own line numbers. */
export function bestSnippet(chunk: Chunk, terms: readonly string[]): Chunk {
  const lines = chunk.text.split("\n");
  const hits = lines.map((line) => countTerms(line, terms));
  let from = hits.indexOf(Math.max(...hits));
  let to = from;
  let size = lines[from]?.length ?? 0;
  // Grows downwards first: a note is usually explained after its first line.
  for (let grown = true; grown;) {
    grown = false;
    for (const next of [to + 1, from - 1]) {
      const line = lines[next];
      if (line === undefined || size + line.length + 1 > maxSnippet) continue;
      if (next > to) to = next;
      else from = next;
      size += line.length + 1;
      grown = true;
    }
  }
  while (from < to && !lines[from]?.trim()) from++;
  while (to > from && !lines[to]?.trim()) to--;
  const text = lines.slice(from, to + 1).join("\n");
  // Pieces of an over-long line share one number, so counting stops at the end of the chunk.
  const startLine = Math.min(chunk.startLine + from, chunk.endLine);
  return { startLine, endLine: Math.min(chunk.startLine + to, chunk.endLine), text: text.slice(0, maxSnippet) };
}

/** How many of the terms a text contains, endings ignored. */
export function countTerms(text: string, terms: readonly string[]): number {
  const folded = fold(text);
  return terms.filter((term) => folded.includes(term.length > 5 ? term.slice(0, -2) : term)).length;
}
