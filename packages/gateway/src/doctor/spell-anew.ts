import { isDeepStrictEqual } from "node:util";
import { OpenClawError } from "@openclaw/core";
import {
  type ConfigPath,
  editConfig,
  type LoadedConfig,
  loadConfig,
  type LoadOptions,
  readOver,
  rewriteLegacy,
} from "@openclaw/core/config";
import { type Comment, lostComments } from "./comments.ts";

export interface SpellAnewOptions extends LoadOptions {
  configPath: string;
  /** Written to `meta.lastTouchedVersion` and `meta.lastTouchedAt`. */
  stamp: { version: string; now: number };
}

/**
 * The text of the configuration file with canonical keys in place of older ones, comments moved along. What it means
 * stays exactly the same: otherwise it fails with `CONFIG_REWRITE`, as where an include has a part in it. Writes nothing.
 */
export async function spellAnew(loaded: LoadedConfig, options: SpellAnewOptions): Promise<string> {
  const { manifests, stamp } = options;
  const channels = manifests.filter(({ kind }) => kind === "channel").map(({ id }) => id);
  const { config } = rewriteLegacy(loaded.parsed, { channels, rules: manifests.flatMap(({ rewrites }) => rewrites) });
  const bare = editConfig(loaded.raw, [
    { path: [], value: config },
    { path: ["meta", "lastTouchedVersion"], value: stamp.version },
    { path: ["meta", "lastTouchedAt"], value: new Date(stamp.now).toISOString() },
  ]);
  const load = (text: string) =>
    loadConfig({ ...options, readFile: readOver([...loaded.files, { path: loaded.path, text }]) });
  const moved = await load(bare);
  const text = withComments(bare, lostComments(loaded.raw, bare), loaded, moved);
  const result = await load(text);
  if (sameMeaning(loaded, result) && result.rewrites.length === 0 && lostComments(loaded.raw, text).length === 0)
    return text;
  throw new OpenClawError({
    code: "CONFIG_REWRITE",
    message: `The older spellings of ${loaded.path} cannot be replaced without changing what it means.`,
    hint: `Change them by hand: ${loaded.rewrites.map(({ from, to }) => `${from} ${to ? `is ${to}` : "can go"}`).join(", ")}.`,
  });
}

function sameMeaning(before: LoadedConfig, after: LoadedConfig): boolean {
  const { meta: _old, ...one } = before.authored;
  const { meta: _new, ...other } = after.authored;
  return isDeepStrictEqual(one, other) && before.issues.length === after.issues.length;
}

/** Puts comments back that went with a section: each on a line of its own above the key it stood at. */
function withComments(text: string, lost: readonly Comment[], before: LoadedConfig, after: LoadedConfig): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(eol);
  const keys = writtenKeys(before);
  const places = new Map<string, { line: number; column: number; comments: string[] }>();
  for (const comment of lost) {
    const { line, column } = placeOf(keyOf(comment, keys), after);
    const place = places.get(`${line}:${column}`) ?? { line, column, comments: [] };
    places.set(`${line}:${column}`, { ...place, comments: [...place.comments, comment.text] });
  }
  // From the end, so that places before stay right.
  for (const { line, column, comments } of [...places.values()].toSorted(
    (a, b) => b.line - a.line || b.column - a.column,
  )) {
    const content = lines[line - 1] ?? "";
    const [lead, rest] = [content.slice(0, column - 1), content.slice(column - 1)];
    const indent = /^\s*/.exec(content)?.[0] ?? "";
    const startsLine = lead.trim() === "";
    // A key inside of a line gets a line of its own, so that it is clear what the comment speaks of.
    const inner = startsLine ? indent : indent + (indent.startsWith("\t") ? "\t" : "  ");
    lines[line - 1] = [
      ...(startsLine ? [] : [lead.trimEnd()]),
      ...[...comments, rest].map((part) => inner + part),
    ].join(eol);
  }
  return lines.join(eol);
}

function placeOf(key: WrittenKey | undefined, after: LoadedConfig): { line: number; column: number } {
  const { file, line, column } = key ? after.locate(key.path, true) : { file: after.path, line: 1, column: 1 };
  return file === after.path ? { line, column } : { line: 1, column: 1 };
}

interface WrittenKey {
  path: ConfigPath;
  line: number;
  column: number;
}

/** The key a comment speaks of: the last one before it on its line, else the next one after it, else the last of all before. */
function keyOf({ line, column, alone }: Comment, keys: readonly WrittenKey[]): WrittenKey | undefined {
  const isBefore = (key: WrittenKey) => key.line < line || (key.line === line && key.column <= column);
  const own = alone ? undefined : keys.findLast((key) => key.line === line && isBefore(key));
  return own ?? keys.find((key) => !isBefore(key)) ?? keys.findLast(isBefore);
}

/** Every key of the configuration, canonical, with the place where the file itself writes it, in its order. */
function writtenKeys(loaded: LoadedConfig): WrittenKey[] {
  const keys: WrittenKey[] = [];
  const walk = (value: unknown, path: ConfigPath) => {
    if (path.length > 0) {
      const { file, line, column } = loaded.locate(path, true);
      if (file === loaded.path) keys.push({ path, line, column });
    }
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(value)) walk(child, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  walk(loaded.authored, []);
  // Of keys that share a place, a section made by the rewrite and what was moved into it, the deepest is what stood there.
  return keys.toSorted((a, b) => a.line - b.line || a.column - b.column || a.path.length - b.path.length);
}
