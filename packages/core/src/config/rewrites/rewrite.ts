import { type ConfigPath, formatPath, getAt, isPlain, type Plain } from "../path.ts";
import type { Placement, Rewrite, RewriteRule, TargetStep } from "./rule.ts";
import { channelSections, legacyRules } from "./table.ts";

export interface RewriteOptions {
  /** Ids of known channels, whose sections once stood at the top. */
  channels?: readonly string[];
  /** Rules that channel manifests bring along. */
  rules?: readonly RewriteRule[];
}

/**
 * Brings every accepted older or alternative spelling to the canonical one. Pure: the argument is left alone. Where both
 * spellings are set the canonical one counts, except that sections are joined key by key.
 */
export function rewriteLegacy(
  config: unknown,
  { channels = [], rules = [] }: RewriteOptions = {},
): { config: unknown; rewrites: Rewrite[] } {
  if (!isPlain(config)) return { config, rewrites: [] };
  const table = [...channelSections(channels), ...rules, ...legacyRules];
  // Most files need nothing of this; a copy is made only for those that do.
  if (!table.some((rule) => applies(config, rule))) return { config, rewrites: [] };
  const result = structuredClone(config);
  const rewrites: Rewrite[] = [];
  for (const rule of table) applyRule(result, rule, rewrites);
  return { config: result, rewrites };
}

function applies(config: Plain, { from, convert }: RewriteRule): boolean {
  return matches(config, from.split(".")).some(
    ({ path, captures }) => !convert || convert(getAt(config, path), captures, config) !== undefined,
  );
}

function applyRule(config: Plain, rule: RewriteRule, rewrites: Rewrite[]): void {
  if (rule.when !== undefined && getAt(config, rule.when.split(".")) === undefined) return;
  const dropped: ConfigPath[] = [];
  for (const { path, captures } of matches(config, rule.from.split("."))) {
    const value = getAt(config, path);
    const placements: readonly Placement[] | undefined = rule.convert
      ? rule.convert(value, captures, config)
      : rule.to === ""
        ? []
        : [{ to: target(rule.to, captures), value }];
    if (!placements) continue;
    if (!rule.copy) {
      remove(config, path);
      dropped.push(path);
    }
    if (placements.length === 0) rewrites.push(record(rule, path, []));
    for (const { from = [], to, value: placed } of placements) {
      const { path: toPath, used } = put(config, to, placed);
      rewrites.push(record(rule, [...path, ...from], toPath, !used));
    }
  }
  for (const path of dropped) pruneEmpty(config, path.slice(0, -1));
}

function record({ because }: RewriteRule, from: ConfigPath, to: ConfigPath, ignored = false): Rewrite {
  const [fromText, toText] = [formatPath(from), formatPath(to)];
  const message =
    to.length === 0
      ? `${fromText} is ignored: ${because}`
      : ignored
        ? `${fromText} is ignored, because ${toText} is set: ${because}`
        : `${fromText} is now ${toText}: ${because}`;
  return { from: fromText, to: toText, message, fromPath: from, toPath: to };
}

function matches(
  value: unknown,
  pattern: readonly string[],
  path: (string | number)[] = [],
  captures: (string | number)[] = [],
): { path: (string | number)[]; captures: (string | number)[] }[] {
  const [head, ...rest] = pattern;
  if (head === undefined) return [{ path, captures }];
  if (head !== "*") {
    return isPlain(value) && Object.hasOwn(value, head) ? matches(value[head], rest, [...path, head], captures) : [];
  }
  const steps = Array.isArray(value) ? [...value.keys()] : isPlain(value) ? Object.keys(value) : [];
  return steps.flatMap((step) =>
    matches((value as Record<string | number, unknown>)[step], rest, [...path, step], [...captures, step]),
  );
}

function target(to: string, captures: readonly (string | number)[]): TargetStep[] {
  const left = [...captures];
  return to.split(".").map((step) => (step === "*" ? (left.shift() ?? "*") : step));
}

function remove(config: Plain, path: ConfigPath): void {
  const parent = getAt(config, path.slice(0, -1));
  if (isPlain(parent)) delete parent[path.at(-1)!];
}

/** Takes away a section that only held what was moved. */
function pruneEmpty(config: Plain, path: ConfigPath): void {
  for (let depth = path.length; depth > 0; depth--) {
    const place = path.slice(0, depth);
    const value = getAt(config, place);
    if (value === undefined) continue;
    if (!isPlain(value) || Object.keys(value).length > 0) return;
    remove(config, place);
  }
}

/** Puts a value at a path unless something is there; sections are joined, what is there winning. */
function put(config: Plain, to: readonly TargetStep[], value: unknown): { path: ConfigPath; used: boolean } {
  const path: (string | number)[] = [];
  let parent: Record<string | number, unknown> = config;
  for (const [index, step] of to.entries()) {
    const key = typeof step === "object" ? entryIndex(parent as unknown as unknown[], step.id) : step;
    path.push(key);
    if (index === to.length - 1) {
      const existing = parent[key];
      parent[key] = existing === undefined ? value : join(existing, value);
      return { path, used: existing === undefined || isPlain(existing) };
    }
    const next = to[index + 1];
    let child = parent[key];
    if (child === undefined) child = typeof next === "object" ? [] : {};
    // A model may be written as its primary alone.
    else if (typeof child === "string" && (next === "primary" || next === "fallbacks")) child = { primary: child };
    else if (typeof child !== "object" || child === null) return { path, used: false };
    parent[key] = child;
    parent = child as Record<string | number, unknown>;
  }
  return { path, used: false };
}

function entryIndex(list: unknown[], id: string): number {
  const index = list.findIndex((entry) => isPlain(entry) && entry.id === id);
  return index >= 0 ? index : list.push({ id }) - 1;
}

function join(existing: unknown, value: unknown): unknown {
  if (!isPlain(existing) || !isPlain(value)) return existing;
  const result: Plain = { ...value };
  for (const [key, child] of Object.entries(existing))
    result[key] = Object.hasOwn(value, key) ? join(child, value[key]) : child;
  return result;
}
