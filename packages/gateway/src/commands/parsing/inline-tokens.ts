import { outsideCode } from "@openclaw/core/reply";

/**
 * Asked for each `/name` that stands by itself: how many characters of `rest` belong to it, or undefined when it is no
 * token of ours. `rest` is what follows the name, cut to a length no argument reaches.
 */
export type TakeToken = (name: string, rest: string, owner: string | undefined) => number | undefined;

/** No directive's argument is longer. */
const ARGUMENT_CHARS = 256;
/** What follows is an address of a web service. */
const requestLine = /(?:^|\s)(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)[ \t]$/;

/**
 * The message without the tokens that `take` claims. Tokens stand between white space; inside words, paths, addresses and
 * code nothing matches. Text without a claimed token comes back as it is.
 */
export function takeInlineTokens(text: string, take: TakeToken): string {
  const token = /(?<!\S)\/([a-z0-9][a-z0-9_.-]{0,63})(@[a-z0-9_]{1,64})?(?::(?!\/)|(?=\s|$))/gi;
  if (!token.test(text)) return text;
  token.lastIndex = 0;
  const plain = markPlain(text);
  let out = "";
  let end = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [whole, name = "", owner] = match;
    if (plain[match.index] !== PLAIN || requestLine.test(text.slice(Math.max(0, match.index - 9), match.index)))
      continue;
    const after = match.index + whole.length;
    const length = take(name.toLowerCase(), text.slice(after, after + ARGUMENT_CHARS), owner);
    if (length === undefined) continue;
    const before = out + text.slice(end, match.index);
    end = token.lastIndex = after + length;
    // Of the blanks on both sides one stays; none at the edges of a line.
    const gap = /^[ \t]*/.exec(text.slice(end, end + ARGUMENT_CHARS))?.[0].length ?? 0;
    const atEdge = end + gap >= text.length || text[end + gap] === "\n";
    if (atEdge || before === "" || /\s$/.test(before)) end += gap;
    out = atEdge ? before.replace(/[ \t]+$/, "") : before;
  }
  return end === 0 ? text : out + text.slice(end);
}

const PLAIN = "\0";

/** Of the same length as the text; `PLAIN` where it is not code. */
const markPlain = (text: string) => outsideCode(text, (part) => PLAIN.repeat(part.length));
