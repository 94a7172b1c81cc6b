/**
 * What is left to say of `text` after its beginning went out in parts. White space and fence lines do not count: cutting
 * changes them. A text that does not begin with the parts (another answer after a restart) is left whole.
 */
export function afterStreamed(text: string, parts: readonly string[]): string {
  const streamed = essence(parts.join("\n"));
  if (streamed === "") return text;
  if (!essence(text).startsWith(streamed)) return text;
  let matched = 0;
  let position = 0;
  for (const line of text.split(/(?<=\n)/)) {
    if (matched >= streamed.length) break;
    if (isFence(line)) {
      position += line.length;
      continue;
    }
    for (const character of line) {
      if (matched >= streamed.length) break;
      position += character.length;
      if (!/\s/.test(character)) matched += character.length;
    }
  }
  return text.slice(position).replace(/^\s+/, "");
}

const isFence = (line: string) => /^\s*(```|~~~)/.test(line);

const essence = (text: string) =>
  text
    .split("\n")
    .filter((line) => !isFence(line))
    .join("")
    .replaceAll(/\s+/g, "");
