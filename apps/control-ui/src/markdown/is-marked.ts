import type { MarkedToken, Token } from "marked";

const types: ReadonlySet<string> = new Set<MarkedToken["type"]>([
  "blockquote",
  "br",
  "checkbox",
  "code",
  "codespan",
  "def",
  "del",
  "em",
  "escape",
  "heading",
  "hr",
  "html",
  "image",
  "link",
  "list",
  "list_item",
  "paragraph",
  "space",
  "strong",
  "table",
  "text",
]);

/** One of the parser's own tokens, not an extension's: there are none, but the type allows for them. */
export function isMarked(token: Token): token is MarkedToken {
  return types.has(token.type);
}
