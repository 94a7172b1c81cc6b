import type { Environment } from "./environment.ts";
import { type ConfigPath, isPlain } from "../path.ts";

const reference = /(\$?)\$\{([A-Z_][A-Z0-9_]*)\}/g;

/** Names a value refers to as `${NAME}`, escaped ones left out. */
export function referencedNames(value: unknown): Set<string> {
  const names = new Set<string>();
  substitute(value, {}, (name) => void names.add(name));
  return names;
}

/**
 * Replaces `${NAME}` in every text by the variable; `$${NAME}` stands for the text `${NAME}`. Only names of capital
 * letters, digits and `_` count. For a missing or empty variable `onMissing` is called and the text stays.
 */
export function substitute(
  value: unknown,
  env: Environment,
  onMissing: (name: string, path: ConfigPath) => void,
  path: ConfigPath = [],
): unknown {
  if (typeof value === "string") {
    if (!value.includes("${")) return value;
    return value.replace(reference, (whole, escape: string, name: string) => {
      if (escape) return whole.slice(1);
      if (env[name]) return env[name];
      onMissing(name, path);
      return whole;
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => substitute(item, env, onMissing, [...path, index]));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, substitute(child, env, onMissing, [...path, key])]),
  );
}
