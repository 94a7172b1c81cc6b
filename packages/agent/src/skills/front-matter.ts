import { OpenClawError } from "@openclaw/core";
import JSON5 from "json5";
import { parseDocument } from "yaml";

/** A front matter is a dozen lines; a larger one is something else, or an attempt to keep the parser busy. */
const maxChars = 32_768;

/**
 * The YAML between the first two `---` lines, as plain data. `metadata` is usually written as a JSON5 object, comments
 * and all, which YAML does not take; it is read apart. Throws `SKILL_INVALID`.
 */
export function readFrontMatter(text: string): Record<string, unknown> {
  const body = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text.slice(0, maxChars))?.[1];
  if (body === undefined) throw invalid("it does not begin with a front matter between two --- lines");
  const { rest, metadata } = cutMetadata(body);
  const fields = plainObject(parseYaml(rest)) ?? {};
  if (metadata === undefined) return fields;
  return { ...fields, metadata: parseMetadata(metadata) };
}

/** The lines of the top-level key `metadata`, apart from all others. */
function cutMetadata(body: string): { rest: string; metadata?: string } {
  const lines = body.split(/\r?\n/);
  const start = lines.findIndex((line) => /^metadata\s*:/.test(line));
  if (start < 0) return { rest: body };
  const after = lines.slice(start + 1).findIndex((line) => /^[A-Za-z]/.test(line));
  const end = after < 0 ? lines.length : start + 1 + after;
  return {
    rest: [...lines.slice(0, start), ...lines.slice(end)].join("\n"),
    metadata: lines.slice(start, end).join("\n"),
  };
}

function parseMetadata(block: string): unknown {
  const value = block.replace(/^metadata\s*:/, "").trim();
  if (/^(?:\{|\/[/*])/.test(value)) {
    try {
      return JSON5.parse(value);
    } catch {
      // YAML writes objects with braces too.
    }
  }
  const metadata = plainObject(parseYaml(block))?.["metadata"];
  if (typeof metadata !== "string") return metadata;
  try {
    return JSON5.parse(metadata);
  } catch {
    throw invalid("metadata is no JSON5 object");
  }
}

function parseYaml(text: string): unknown {
  // Without aliases a few lines cannot stand for millions of values.
  const document = parseDocument(text, { schema: "core", merge: false, uniqueKeys: false, logLevel: "silent" });
  const [error] = document.errors;
  if (error) throw invalid(`its front matter is no YAML: ${error.message.split("\n", 1)[0]}`);
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw invalid("its front matter has aliases, which are not allowed");
  }
}

export function plainObject(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}

/** A SKILL.md that cannot be used. `reason` completes "... cannot be used: ". */
export function invalid(reason: string): OpenClawError {
  return new OpenClawError({ code: "SKILL_INVALID", message: reason });
}
