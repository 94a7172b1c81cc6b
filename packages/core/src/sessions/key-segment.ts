import { createHash } from "node:crypto";

/** Longest encoded id inside a key. Real ids stay below 100; a 10 kB id becomes a prefix and a hash. */
const MAX_ID = 200;
const KEPT_PREFIX = 96;

/** What platforms put into ids and what no parser, file name or log line trips over. `:` is judged apart. */
const plain = /^[a-z0-9+\-@._=!#$&*()',;]$/;
const threadMark = /^:(?:thread|topic)(?::|$)/;

/** Words that mean something at the position of a channel or account id. */
const reserved = new Set(["dm", "group", "channel", "slash", "main", "cron", "hook", "subagent", "acp", "agent"]);

/**
 * A platform id as it stands in a session key: lowercased, everything outside the plain alphabet as `%xx` of its UTF-8
 * bytes. Colons stay (Matrix and Teams ids carry them) except where they would read as `:thread:` or `:topic:`.
 * Different ids never give the same text, up to letter case; an id longer than 200 characters keeps 96 of them and ends
 * in `~` and 128 bits of its SHA-256.
 */
export function encodeId(id: string): string {
  const lower = id.toLowerCase();
  let out = "";
  for (let at = 0; at < lower.length && out.length <= MAX_ID;) {
    const character = String.fromCodePoint(lower.codePointAt(at) ?? 0);
    const keep = character === ":" ? !threadMark.test(lower.slice(at, at + 8)) : plain.test(character);
    out += keep ? character : percent(character);
    at += character.length;
  }
  return out.length <= MAX_ID ? out : shorten(out, lower, KEPT_PREFIX);
}

/** The first `kept` characters of encoded text, then a hash of what it stands for. */
export function shorten(encoded: string, original: string, kept: number): string {
  const hash = createHash("sha256").update(Buffer.from(original, "utf16le")).digest("hex").slice(0, 32);
  return `${encoded.slice(0, kept).replace(/%[^%]{0,4}$/, "")}~${hash}`;
}

/** A single segment: as `encodeId`, but with every colon escaped and structural words made unlike themselves. */
export function encodeSegment(text: string): string {
  const encoded = encodeId(text).replaceAll(":", "%3a");
  return reserved.has(encoded) ? `${percent(encoded.charAt(0))}${encoded.slice(1)}` : encoded;
}

/** Undoes `encodeId` and `encodeSegment`. Shortened ids come back as they stand. Never throws. */
export function decodeId(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+|%u[0-9a-f]{4}/g, (match) =>
    match.startsWith("%u")
      ? String.fromCharCode(Number.parseInt(match.slice(2), 16))
      : Buffer.from(match.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

function percent(character: string): string {
  const unit = character.charCodeAt(0);
  if (character.length === 1 && unit >= 0xd800 && unit <= 0xdfff) return `%u${unit.toString(16)}`;
  return [...Buffer.from(character, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}
