import { decodeHTML } from "entities";
import { attribute, htmlTokens } from "./html-tokens.ts";
import { createBlockWriter, type Block } from "./block-writer.ts";

export interface PageText {
  title: string;
  text: string;
}

const skipped = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "iframe",
  "svg",
  "canvas",
  "object",
  "button",
  "select",
  "textarea",
]);
const chromeElements = new Set(["nav", "footer", "aside"]);
const chromeNames =
  /(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|sidebar|footer|breadcrumbs?|cookies?|consent|share|social|advert(?:isement)?s?|ads?|promo|related|newsletter|popup|modal|skip)(?:$|[\s_-])/i;
const empty = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
const blockElements = new Set(
  (
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section " +
    "summary table tbody tfoot thead tr ul"
  ).split(" "),
);
/** Deeper elements are read, but no longer remembered. */
const maxDepth = 400;
/** An article shorter than this is probably not what the page is about. */
const minArticle = 200;

interface Frame {
  name: string;
  skipped: boolean;
  chrome: boolean;
  main: boolean;
}

/**
 * The readable part of a page as Markdown, or as plain text. With `readability` what stands in `<main>` or `<article>` is
 * preferred, and parts that are named as menus, side bars or notices are left out; a page with none of these is taken whole.
 */
export function htmlToText(
  html: string,
  options: { url: string; readability: boolean; mode: "markdown" | "text" },
): PageText {
  const writer = createBlockWriter(options);
  const stack: Frame[] = [];
  let title = "";
  const top = () => stack.at(-1) ?? { name: "", skipped: false, chrome: false, main: false };

  for (const token of htmlTokens(html)) {
    if (token.kind === "text") {
      const frame = top();
      if (frame.name === "title") title ||= decodeHTML(token.text).replace(/\s+/g, " ").trim();
      else if (!frame.skipped) writer.text(decodeHTML(token.text), frame);
    } else if (token.kind === "open") {
      const { name, attributes } = token;
      const outer = top();
      if (blockElements.has(name)) writer.flush();
      const inner = enter(outer, name, attributes, options.readability);
      if (!inner.skipped && name !== "title")
        writer.open(name, (key) => decodeHTML(attribute(attributes, key) ?? ""), inner);
      if (!empty.has(name) && stack.length < maxDepth) stack.push(inner);
    } else {
      if (blockElements.has(token.name)) writer.flush();
      const index = nearest(stack, token.name);
      if (index < 0) continue;
      if (!stack[index]?.skipped) writer.close(token.name);
      stack.length = index;
    }
  }
  return { title, text: choose(writer.finish(), options.readability) };
}

/** A stray end tag is looked for among the nearest elements only, so that many of them cost little. */
function nearest(stack: readonly Frame[], name: string): number {
  const last = Math.max(0, stack.length - 16);
  for (let index = stack.length - 1; index >= last; index--) if (stack[index]?.name === name) return index;
  return -1;
}

function enter(outer: Frame, name: string, attributes: string, readability: boolean): Frame {
  const label = readability
    ? `${attribute(attributes, "class") ?? ""} ${attribute(attributes, "id") ?? ""} ${attribute(attributes, "role") ?? ""}`
    : "";
  const hidden = /(?:^|\s)hidden(?:\s|=|$)/i.test(attributes) || attribute(attributes, "aria-hidden") === "true";
  // A page may name its whole body after a feature of its layout.
  const named = name !== "body" && name !== "html" && name !== "main" && name !== "article" && chromeNames.test(label);
  return {
    name,
    skipped: outer.skipped || skipped.has(name) || hidden,
    chrome: outer.chrome || chromeElements.has(name) || named,
    main: outer.main || name === "main" || name === "article" || /\brole\s*=\s*["']?main\b/i.test(attributes),
  };
}

function choose(blocks: readonly Block[], readability: boolean): string {
  const plain = blocks.filter((block) => !block.chrome);
  const article = readability ? plain.filter((block) => block.main) : [];
  const texts = [article, plain].map(join);
  const long = texts.find((text) => text.length >= minArticle);
  return long ?? (texts[1] || join(blocks));
}

function join(blocks: readonly Block[]): string {
  let text = "";
  for (const [index, block] of blocks.entries()) {
    const before = blocks[index - 1];
    const tight = before !== undefined && block.kind !== "block" && before.kind === block.kind;
    text += `${index === 0 ? "" : tight ? "\n" : "\n\n"}${block.text}`;
  }
  return text;
}
