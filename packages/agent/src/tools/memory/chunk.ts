export interface Chunk {
  /** From 1, both included. */
  startLine: number;
  endLine: number;
  text: string;
}

/** Characters for a token, as estimated throughout. */
const tokenChars = 4;

/** Cuts a text at line ends into pieces of about `tokens` that share about `overlap` with the one before. */
export function chunkText(text: string, { tokens, overlap }: { tokens: number; overlap: number }): Chunk[] {
  const maxChars = tokens * tokenChars;
  const overlapChars = overlap * tokenChars;
  const lines = text
    .split("\n")
    .flatMap((line, index) => pieces(line, maxChars).map((piece) => ({ number: index + 1, text: piece })));
  const chunks: Chunk[] = [];
  let current: typeof lines = [];
  let size = 0;
  const flush = () => {
    const first = current[0];
    const last = current.at(-1);
    const joined = current.map((line) => line.text).join("\n");
    if (first && last && joined.trim()) chunks.push({ startLine: first.number, endLine: last.number, text: joined });
  };
  for (const line of lines) {
    if (size + line.text.length + 1 > maxChars && current.length > 0) {
      flush();
      const kept: typeof lines = [];
      let keptSize = 0;
      for (const previous of current.toReversed()) {
        if (keptSize + previous.text.length + 1 > overlapChars) break;
        kept.unshift(previous);
        keptSize += previous.text.length + 1;
      }
      current = kept;
      size = keptSize;
    }
    current.push(line);
    size += line.text.length + 1;
  }
  flush();
  return chunks;
}

/** A line longer than a chunk becomes several pieces with the same number. */
function pieces(line: string, maxChars: number): string[] {
  return line.length <= maxChars ? [line] : (line.match(new RegExp(`[\\s\\S]{1,${maxChars - 1}}`, "gu")) ?? []);
}
