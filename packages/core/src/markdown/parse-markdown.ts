import { Marked, type Token, type Tokens } from "marked";
import type { MarkdownIr } from "./ir.ts";
import { createIrBuilder, type IrBuilder } from "./ir-builder.ts";
import { type TableCell, type TableMode, writeTable } from "./table.ts";

export interface ParseOptions {
  /** `code` (default): an aligned block; `bullets`: a list entry for each row; `off`: as it was written. */
  tables?: TableMode;
}

/** `||hidden||` as Telegram and Discord write it. */
const spoiler = {
  name: "spoiler",
  level: "inline" as const,
  start: (source: string) => {
    const at = source.indexOf("||");
    return at < 0 ? undefined : at;
  },
  tokenizer(this: { lexer: { inlineTokens(source: string): Token[] } }, source: string) {
    const match = /^\|\|(?=\S)([^\n]*?\S)\|\|/.exec(source);
    if (!match) return undefined;
    return { type: "spoiler", raw: match[0], tokens: this.lexer.inlineTokens(match[1] ?? "") };
  },
};

const parser = new Marked({ gfm: true, breaks: true, extensions: [spoiler] });

/**
 * Reads the markdown that models write. Line breaks stay where they are; HTML is text; headings, lists and quotes become
 * lines with marks; bare URLs stay text, since every platform finds them itself. Never throws.
 */
export function parseMarkdown(text: string, { tables = "code" }: ParseOptions = {}): MarkdownIr {
  const builder = createIrBuilder();
  writeBlocks(parser.lexer(text), builder, { tables, tight: false });
  return builder.finish();
}

interface BlockContext {
  tables: TableMode;
  /** Inside a list item: blocks follow on the next line, without an empty one. */
  tight: boolean;
}

function writeBlocks(tokens: readonly Token[], builder: IrBuilder, context: BlockContext): void {
  const lines = context.tight ? 1 : 2;
  for (const token of tokens) {
    if (token.type === "space" || token.type === "def") continue;
    builder.gap(lines);
    writeBlock(token, builder, context);
    builder.gap(lines);
  }
}

function writeBlock(token: Token, builder: IrBuilder, context: BlockContext): void {
  if (isToken(token, "heading")) {
    builder.mark("heading", () => writeInline(token.tokens, builder), { level: token.depth });
  } else if (isToken(token, "code")) {
    const lang = token.lang?.trim().split(/\s+/)[0];
    builder.mark("pre", () => builder.write(token.text), lang ? { lang } : {});
  } else if (isToken(token, "blockquote")) {
    builder.mark("blockquote", () => writeBlocks(token.tokens, builder, { ...context, tight: false }));
  } else if (isToken(token, "list")) {
    writeList(token, builder, context);
  } else if (isToken(token, "table")) {
    const rows = token.rows.map((row) => row.map(cellText));
    writeTable(
      { header: token.header.map(cellText), rows, align: token.align, raw: token.raw, mode: context.tables },
      builder,
    );
  } else if (isToken(token, "hr")) {
    builder.write("———");
  } else if ("tokens" in token && token.tokens) {
    writeInline(token.tokens, builder);
  } else {
    builder.write(token.raw.trim());
  }
}

function writeList(list: Tokens.List, builder: IrBuilder, context: BlockContext): void {
  const start = typeof list.start === "number" ? list.start : 1;
  for (const [index, item] of list.items.entries()) {
    builder.gap(1);
    const box = item.task ? (item.checked ? "☑ " : "☐ ") : "";
    builder.write(list.ordered ? `${start + index}. ${box}` : box || "• ");
    const [first, ...rest] = item.tokens.filter((token) => token.type !== "checkbox");
    builder.indent("  ", () => {
      if (first && isInlineBlock(first)) writeBlock(first, builder, { ...context, tight: true });
      else if (first) rest.unshift(first);
      builder.gap(1);
      writeBlocks(rest, builder, { ...context, tight: true });
    });
  }
}

function writeInline(tokens: readonly Token[], builder: IrBuilder): void {
  for (const token of tokens) {
    if (isToken(token, "strong")) builder.mark("bold", () => writeInline(token.tokens, builder));
    else if (isToken(token, "em")) builder.mark("italic", () => writeInline(token.tokens, builder));
    else if (isToken(token, "del")) builder.mark("strike", () => writeInline(token.tokens, builder));
    else if (isToken(token, "codespan")) builder.mark("code", () => builder.write(token.text));
    else if (token.type === "spoiler" && "tokens" in token && token.tokens) {
      const inner = token.tokens;
      builder.mark("spoiler", () => writeInline(inner, builder));
    } else if (isToken(token, "link"))
      writeLink(token, token.raw === token.text || token.raw === `<${token.text}>`, builder);
    else if (isToken(token, "image")) writeLink({ ...token, tokens: [] }, false, builder);
    else if (isToken(token, "br")) builder.write("\n");
    else if (isToken(token, "escape")) builder.write(token.text);
    else if (isToken(token, "text")) {
      if (token.tokens) writeInline(token.tokens, builder);
      else builder.write(decodeEntities(token.text));
    } else builder.write(token.raw);
  }
}

function writeLink(link: { href: string; text: string; tokens: Token[] }, bare: boolean, builder: IrBuilder): void {
  if (bare) return builder.write(link.text);
  const content = () =>
    link.tokens.length > 0 ? writeInline(link.tokens, builder) : builder.write(link.text || link.href);
  if (/^(?:https?|mailto|tel|tg):/i.test(link.href)) return builder.mark("link", content, { href: link.href });
  content();
  if (link.href !== "" && link.href !== link.text) builder.write(` (${link.href})`);
}

function cellText(cell: { tokens: Token[] }): TableCell {
  const builder = createIrBuilder();
  writeInline(cell.tokens, builder);
  return {
    text: builder.finish().text.replaceAll(/\s+/g, " ").trim(),
    write: (target) => writeInline(cell.tokens, target),
  };
}

interface TokenTypes {
  heading: Tokens.Heading;
  code: Tokens.Code;
  blockquote: Tokens.Blockquote;
  list: Tokens.List;
  table: Tokens.Table;
  hr: Tokens.Hr;
  strong: Tokens.Strong;
  em: Tokens.Em;
  del: Tokens.Del;
  codespan: Tokens.Codespan;
  link: Tokens.Link;
  image: Tokens.Image;
  br: Tokens.Br;
  escape: Tokens.Escape;
  text: Tokens.Text;
}

function isToken<Type extends keyof TokenTypes>(token: Token, type: Type): token is TokenTypes[Type] & Token {
  return token.type === type;
}

const isInlineBlock = (token: Token) => token.type === "text" || token.type === "paragraph";

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** The entities that models write by habit; others stay as they are. */
function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi,
    (entity, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? entity;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code > 31 && code <= 0x10_ff_ff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : entity;
    },
  );
}
