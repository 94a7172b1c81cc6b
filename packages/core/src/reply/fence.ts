/** A code fence that is open at some place in a text. */
export interface Fence {
  /** The line that opened it, with indentation and info string: written again where a cut reopens it. */
  opening: string;
  indent: string;
  /** Backticks or tildes, as many as the opening has. */
  marker: string;
}

/** Reads a line as the opening of a fence. */
export function openingFence(line: string): Fence | undefined {
  const match = /^([ \t]*)(`{3,}|~{3,})(.*)$/.exec(line);
  if (!match) return undefined;
  const [opening, indent = "", marker = "", info = ""] = match;
  return marker.startsWith("`") && info.includes("`") ? undefined : { opening, indent, marker };
}

/** Whether a line closes the fence: the same character, at least as many, nothing behind. */
export function closesFence(line: string, { marker }: Fence): boolean {
  const text = line.trim();
  return text.length >= marker.length && text === marker.charAt(0).repeat(text.length);
}

/** The line that closes a fence. */
export const closingLine = (fence: Fence): string => fence.indent + fence.marker;

/** The fence after one more line. */
export function fenceAfter(line: string, open: Fence | undefined): Fence | undefined {
  if (open) return closesFence(line, open) ? undefined : open;
  return openingFence(line);
}

/** The fence that is open where `text` ends. A last line without its line break counts. */
export function fenceAtEnd(text: string, open?: Fence): Fence | undefined {
  return text.split("\n").reduce<Fence | undefined>((fence, line) => fenceAfter(line, fence), open);
}
