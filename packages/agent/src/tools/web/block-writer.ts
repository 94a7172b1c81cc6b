/** A paragraph, heading, list item or table row, ready to print. */
export interface Block {
  kind: "block" | "item" | "row";
  text: string;
  /** Inside a menu, side bar or notice. */
  chrome: boolean;
  /** Inside the page's main part. */
  main: boolean;
}

interface Place {
  chrome: boolean;
  main: boolean;
}

interface BlockWriter {
  text(text: string, place: Place): void;
  open(name: string, attribute: (name: string) => string, place: Place): void;
  close(name: string): void;
  /** Ends the current block. */
  flush(): void;
  finish(): Block[];
}

const maxLine = 8_000;
const marks: Readonly<Record<string, string>> = { strong: "**", b: "**", em: "_", i: "_", code: "`" };

/** Collects inline text and writes blocks from it, as Markdown or plain. */
export function createBlockWriter({ url, mode }: { url: string; mode: "markdown" | "text" }): BlockWriter {
  const markdown = mode === "markdown";
  const blocks: Block[] = [];
  const lists: { ordered: boolean; count: number }[] = [];
  let line = "";
  let place: Place = { chrome: false, main: false };
  let prefix = "";
  let kind: Block["kind"] = "block";
  let quoted = 0;
  let preformatted = 0;
  /** Inline elements that are open, with the length of the line where they began. */
  let inline: { name: string; from: number; href: string }[] = [];

  function flush(): void {
    const body =
      preformatted > 0 ? line.replace(/^\n+/, "").trimEnd() : withoutTrailingBars(line.replace(/ ?\n ?/g, "\n"));
    if (body) {
      const fenced = preformatted > 0 && markdown ? `\`\`\`\n${body}\n\`\`\`` : body;
      const marked = `${prefix}${fenced}`;
      blocks.push({ kind, text: quoted > 0 && markdown ? marked.replace(/^/gm, "> ") : marked, ...place });
      prefix = "";
    }
    line = "";
    inline = [];
    if (kind === "row") kind = "block";
  }

  /** Work on a line grows with its length. */
  function cutEndlessLine(): void {
    if (line.length > maxLine && preformatted === 0) flush();
  }

  /** Puts marks around what was written since the element opened, blanks left outside. */
  function enclose(from: number, before: string, after: string): void {
    const inner = line.slice(from);
    const body = inner.trim();
    if (!body || body.includes("\n")) return;
    line = `${line.slice(0, from)}${/^\s/.test(inner) ? " " : ""}${before}${body}${after}${/\s$/.test(inner) ? " " : ""}`;
  }

  return {
    flush,
    text(text, where) {
      cutEndlessLine();
      place = { chrome: where.chrome, main: where.main };
      if (preformatted > 0) {
        line += text;
        return;
      }
      const squeezed = text.replace(/\s+/g, " ");
      line += line === "" || /\s$/.test(line) ? squeezed.trimStart() : squeezed;
    },
    open(name, attribute, where) {
      cutEndlessLine();
      const level = /^h([1-6])$/.exec(name)?.[1];
      if (level) {
        prefix = markdown ? `${"#".repeat(Number(level))} ` : "";
        kind = "block";
      } else if (name === "ul" || name === "ol") lists.push({ ordered: name === "ol", count: 0 });
      else if (name === "li") {
        const list = lists.at(-1) ?? { ordered: false, count: 0 };
        list.count++;
        prefix = `${"  ".repeat(Math.min(8, Math.max(0, lists.length - 1)))}${list.ordered ? `${list.count}.` : "-"} `;
        kind = "item";
      } else if (name === "tr") kind = "row";
      else if (name === "p" || name === "table") kind = prefix.endsWith("- ") || /\d\. $/.test(prefix) ? kind : "block";
      else if (name === "br") line += line.endsWith("\n\n") ? "" : "\n";
      else if (name === "hr") {
        if (markdown) blocks.push({ kind: "block", text: "---", chrome: where.chrome, main: where.main });
      } else if (name === "pre") preformatted++;
      else if (name === "blockquote") quoted++;
      else if (name === "img") {
        const alt = attribute("alt").replace(/\s+/g, " ").trim();
        if (alt && markdown) line += `![${alt}]`;
      } else if (markdown && preformatted === 0 && inline.length < 50 && (name === "a" || name in marks))
        inline.push({ name, from: line.length, href: name === "a" ? attribute("href") : "" });
    },
    close(name) {
      cutEndlessLine();
      if (name === "ul" || name === "ol") {
        lists.pop();
        if (lists.length === 0) kind = "block";
      } else if (name === "li" || /^h[1-6]$/.test(name)) prefix = "";
      else if (name === "pre") preformatted = Math.max(0, preformatted - 1);
      else if (name === "blockquote") quoted = Math.max(0, quoted - 1);
      else if (name === "td" || name === "th") line = `${line.trimEnd()} | `;
      const index = inline.findLastIndex((entry) => entry.name === name);
      const entry = inline[index];
      if (!entry) return;
      inline.length = index;
      const mark = marks[name];
      if (mark) enclose(entry.from, mark, mark);
      else if (entry.href && !/^(?:#|javascript:)/i.test(entry.href) && URL.canParse(entry.href, url))
        enclose(entry.from, "[", `](${new URL(entry.href, url).href})`);
    },
    finish() {
      flush();
      return blocks;
    },
  };
}

/** The last cell of a table row leaves one, an empty cell as well. */
function withoutTrailingBars(text: string): string {
  let rest = text.trim();
  while (rest.endsWith("|")) rest = rest.slice(0, -1).trimEnd();
  return rest;
}
