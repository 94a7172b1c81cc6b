export type HtmlToken =
  | { kind: "text"; text: string }
  /** `attributes` is the raw text between the name and the end of the tag. */
  | { kind: "open"; name: string; attributes: string }
  | { kind: "close"; name: string };

/** Elements whose content is no markup. */
const rawText = new Set(["script", "style", "title", "textarea", "noscript", "template", "svg", "iframe", "xmp"]);

/**
 * Splits HTML into tags and text, in time that grows with its length alone, whatever it contains: pages come from
 * strangers, and this runs in the process that serves everybody. Entities are left as they are.
 */
export function* htmlTokens(html: string): Generator<HtmlToken, void> {
  const tagName = /[a-z][a-z0-9:-]*/iy;
  let quotesBroken = false;

  /** The index of the `>` that ends the tag, quoted ones skipped. */
  function tagEnd(from: number): number {
    if (!quotesBroken) {
      let quote = "";
      for (let index = from; index < html.length; index++) {
        const character = html.charAt(index);
        if (quote) {
          if (character === quote) quote = "";
        } else if (character === ">") return index;
        else if ((character === '"' || character === "'") && html.charAt(index - 1) === "=") quote = character;
      }
      quotesBroken = true;
    }
    return html.indexOf(">", from);
  }

  let at = 0;
  let text = 0;
  while (at < html.length) {
    const start = html.indexOf("<", at);
    if (start < 0) break;
    const close = html.charAt(start + 1) === "/";
    tagName.lastIndex = start + (close ? 2 : 1);
    const name = tagName.exec(html)?.[0].toLowerCase();
    const declaration = !close && /[!?]/.test(html.charAt(start + 1));
    if (!name && !declaration) {
      at = start + 1;
      continue;
    }
    if (start > text) yield { kind: "text", text: html.slice(text, start) };
    const comment = html.startsWith("<!--", start);
    const end = comment ? html.indexOf("-->", start + 4) : tagEnd(start + 1 + (name?.length ?? 0));
    if (end < 0) return;
    at = end + (comment ? 3 : 1);
    text = at;
    if (!name) continue;
    if (close) {
      yield { kind: "close", name };
      continue;
    }
    yield { kind: "open", name, attributes: html.slice(start + 1 + name.length, end) };
    if (!rawText.has(name)) continue;
    const finish = new RegExp(`</${name}[\\s/>]`, "gi");
    finish.lastIndex = at;
    const stop = finish.exec(html)?.index;
    if (stop === undefined) return;
    if (stop > at) yield { kind: "text", text: html.slice(at, stop) };
    at = stop;
    text = stop;
  }
  if (text < html.length) yield { kind: "text", text: html.slice(text) };
}

/** The value of an attribute, still with its entities. */
export function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(
    attributes.slice(0, 4_000),
  );
  return found?.[1] ?? found?.[2] ?? found?.[3];
}
