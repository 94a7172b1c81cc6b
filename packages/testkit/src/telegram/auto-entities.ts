import type { WireEntity } from "./wire.ts";

/** The entities a Telegram client marks by itself in typed text: commands, @mentions, links. */
export function autoEntities(text: string): WireEntity[] {
  const found: WireEntity[] = [];
  const patterns: [string, RegExp][] = [
    ["bot_command", /(?<=^|\s)\/[a-z0-9_]{1,32}(?:@[a-z0-9_]{3,32})?/gi],
    ["mention", /(?<=^|[^\w/])@[a-z0-9_]{3,32}/gi],
    ["url", /https?:\/\/[^\s]+/gi],
  ];
  for (const [type, pattern] of patterns)
    for (const match of text.matchAll(pattern)) found.push({ type, offset: match.index, length: match[0].length });
  return found.toSorted((a, b) => a.offset - b.offset);
}
