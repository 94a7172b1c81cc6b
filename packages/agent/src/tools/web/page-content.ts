import { OpenClawError } from "@openclaw/core";
import type { EgressResponse } from "../egress/index.ts";
import { htmlToText, type PageText } from "./html-text.ts";

export interface ReadOptions {
  readability: boolean;
  mode: "markdown" | "text";
}

/** Readable text of whatever a server sent: HTML, JSON, other text, or PDF. Throws `WEB_CONTENT` for anything else. */
export async function readContent(
  response: EgressResponse,
  options: ReadOptions,
): Promise<PageText & { kind: string }> {
  const type = response.headers["content-type"] ?? "";
  const mime = type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (mime === "application/pdf" || startsWith(response.body, "%PDF-"))
    return { ...(await readPdf(response)), kind: "pdf" };
  const isText =
    mime === "" || mime.startsWith("text/") || /[/+](?:json|xml|javascript|yaml|x-ndjson|toml)$/.test(mime);
  if (!isText || response.body.subarray(0, 1000).includes(0))
    throw new OpenClawError({
      code: "WEB_CONTENT",
      message: `${response.url} is not a text page (${mime || "no content type"}).`,
      hint: "Only web pages, text, JSON and PDF can be read.",
    });
  const text = decode(response.body, type);
  const html =
    mime === "text/html" ||
    mime === "application/xhtml+xml" ||
    (mime === "" && /^\s*<(?:!doctype html|html)\b/i.test(text));
  if (html) return { ...htmlToText(text, { ...options, url: response.url }), kind: options.mode };
  if (mime.endsWith("json")) return { title: "", text: prettyJson(text), kind: "json" };
  return { title: "", text: text.trim(), kind: "text" };
}

function startsWith(body: Uint8Array, magic: string): boolean {
  return new TextDecoder("latin1").decode(body.subarray(0, magic.length)) === magic;
}

/** By the header's charset, else the one that an HTML page names, else UTF-8. An unknown name counts as UTF-8. */
function decode(body: Uint8Array, type: string): string {
  const head = new TextDecoder("latin1").decode(body.subarray(0, 2048));
  const charset =
    /charset=["']?([\w-]+)/i.exec(type)?.[1] ?? /<meta[^>]+charset=["']?([\w-]+)/i.exec(head)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text.trim();
  }
}

async function readPdf(response: EgressResponse): Promise<PageText> {
  if (response.truncated)
    throw new OpenClawError({
      code: "WEB_CONTENT",
      message: `${response.url} is a PDF of more than ${response.body.length} bytes.`,
      hint: "Download it with exec and read it in parts.",
    });
  const { extractText, getDocumentProxy } = await import("unpdf");
  try {
    const document = await getDocumentProxy(new Uint8Array(response.body), { verbosity: 0 });
    const { text } = await extractText(document, { mergePages: true });
    return { title: "", text: text.trim() };
  } catch (cause) {
    throw new OpenClawError({
      code: "WEB_CONTENT",
      message: `The PDF ${response.url} cannot be read (${cause instanceof Error ? cause.message : "unknown reason"}).`,
      hint: "It may be damaged or protected by a password.",
      cause,
    });
  }
}
