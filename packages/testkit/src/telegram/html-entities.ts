import { badRequest } from "./api-failure.ts";
import type { WireEntity } from "./wire.ts";

/** Tag to entity type, as the Bot API's "HTML style" lists them. */
const TYPES: Readonly<Record<string, string>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  "tg-spoiler": "spoiler",
  span: "spoiler",
  a: "text_link",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  "tg-emoji": "custom_emoji",
};
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

interface Open {
  tag: string;
  offset: number;
  attributes: string;
}

const parseError = (reason: string) => badRequest(`can't parse entities: ${reason}`);

/**
 * Reads the platform's HTML dialect: text and entities, or the refusal the real server gives. Offsets in refusals are
 * bytes, offsets in entities UTF-16 units, as on the real one.
 */
export function parseHtml(html: string): { text: string; entities: WireEntity[] } {
  let text = "";
  const entities: WireEntity[] = [];
  const stack: Open[] = [];
  let at = 0;
  const byteOffset = () => Buffer.byteLength(html.slice(0, at));
  while (at < html.length) {
    const char = html[at];
    if (char === "&") {
      const reference = /^&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/i.exec(html.slice(at, at + 12));
      const decoded = reference === null ? undefined : decode(reference);
      text += decoded ?? "&";
      at += decoded === undefined ? 1 : (reference?.[0].length ?? 1);
    } else if (char !== "<") {
      text += char;
      at += 1;
    } else if (html[at + 1] === "/") {
      const close = /^<\/([a-z-]*)\s*>/i.exec(html.slice(at));
      if (close === null) throw parseError(`Unexpected end tag at byte offset ${byteOffset()}`);
      const open = stack.pop();
      if (open === undefined) throw parseError(`Unexpected end tag at byte offset ${byteOffset()}`);
      const name = (close[1] ?? "").toLowerCase();
      if (name !== open.tag)
        throw parseError(
          `Unmatched end tag at byte offset ${byteOffset()}, expected "</${open.tag}>", found "</${name}>"`,
        );
      addEntity(entities, open, text);
      at += close[0].length;
    } else {
      const tag = /^<([a-z-]*)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>/i.exec(html.slice(at));
      const name = (/^<([^\s>]*)/.exec(html.slice(at))?.[1] ?? "").toLowerCase();
      if (TYPES[name] === undefined) throw parseError(`Unsupported start tag "${name}" at byte offset ${byteOffset()}`);
      if (tag === null) throw parseError(`Unclosed start tag at byte offset ${byteOffset()}`);
      const attributes = tag[2] ?? "";
      if (name === "span" && !/class\s*=\s*["']?tg-spoiler/.test(attributes))
        throw parseError(`Tag "span" must have class "tg-spoiler" at byte offset ${byteOffset()}`);
      stack.push({ tag: name, offset: text.length, attributes });
      at += tag[0].length;
    }
  }
  const unclosed = stack.at(-1);
  if (unclosed !== undefined) throw parseError(`Can't find end tag corresponding to start tag "${unclosed.tag}"`);
  return { text, entities: entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length) };
}

function decode(reference: RegExpExecArray): string | undefined {
  const [, decimal, hex, name] = reference;
  if (name !== undefined) return NAMED[name];
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function addEntity(entities: WireEntity[], open: Open, text: string): void {
  const length = text.length - open.offset;
  if (length === 0) return;
  const entity: WireEntity = { type: TYPES[open.tag] ?? open.tag, offset: open.offset, length };
  if (open.tag === "a") {
    const href = /href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(open.attributes);
    const url = href?.[1] ?? href?.[2] ?? href?.[3];
    // The real server drops a link without a usable address and keeps its text.
    if (url === undefined || !/^(https?|tg|mailto|tel):|^[\w-]+(\.[\w-]+)+/i.test(url)) return;
    entity.url = url.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  }
  if (open.tag === "code") {
    const language = /class\s*=\s*["']?language-([^"'\s>]+)/.exec(open.attributes)?.[1];
    if (language !== undefined) entity.language = language;
  }
  const inner = entities.at(-1);
  // `<pre><code class="language-x">` is one entity on the platform.
  if (open.tag === "pre" && inner?.type === "code" && inner.offset === open.offset && inner.length === length) {
    entities.pop();
    if (inner.language !== undefined) entity.language = inner.language;
  }
  entities.push(entity);
}
