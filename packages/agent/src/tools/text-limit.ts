export interface LimitedText {
  text: string;
  /** Characters left out. 0: nothing was. */
  omitted: number;
}

/** Keeps the end: what a command prints last is what says how it went. Cuts at a line where one is near. */
export function keepTail(text: string, maxChars: number): LimitedText {
  if (text.length <= maxChars) return { text, omitted: 0 };
  let from = text.length - maxChars;
  const line = text.indexOf("\n", from);
  if (line !== -1 && line - from < 400) from = line + 1;
  return { text: text.slice(safeCut(text, from)), omitted: from };
}

/** Keeps the beginning, cut at a line where one is near. */
export function keepHead(text: string, maxChars: number): LimitedText {
  if (text.length <= maxChars) return { text, omitted: 0 };
  let to = maxChars;
  const line = text.lastIndexOf("\n", to);
  if (line !== -1 && to - line < 400) to = line;
  const cut = safeCut(text, to);
  return { text: text.slice(0, cut), omitted: text.length - cut };
}

/** Never between the two halves of a character outside the basic plane. */
function safeCut(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index;
}
