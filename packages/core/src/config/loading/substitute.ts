import type { Environment } from "./shell-env.ts";
import { type ConfigPath, isPlain, type Plain } from "../path.ts";

const reference = /(\$?)\$\{([A-Z_][A-Z0-9_]*)\}/g;

/** Names a value refers to as `${NAME}`, escaped ones left out. */
export function referencedNames(value: unknown): Set<string> {
  const names = new Set<string>();
  substitute(value, {}, (name) => void names.add(name));
  return names;
}

/**
 * Replaces `${NAME}` in every text by the variable; `$${NAME}` stands for the text `${NAME}`. Only names of capital
 * letters, digits and `_` count. What holds no reference is returned as it is, not copied. For a missing or empty variable `onMissing` is called and the text stays.
 */
export function substitute(
  value: unknown,
  env: Environment,
  onMissing: (name: string, path: ConfigPath) => void,
): unknown {
  const path: (string | number)[] = [];

  function visit(current: unknown): unknown {
    if (typeof current === "string") return current.includes("${") ? text(current) : current;
    if (Array.isArray(current)) return list(current);
    return isPlain(current) ? section(current) : current;
  }

  function text(current: string): string {
    return current.replace(reference, (whole, escape: string, name: string) => {
      if (escape) return whole.slice(1);
      if (env[name]) return env[name];
      onMissing(name, [...path]);
      return whole;
    });
  }

  function list(current: readonly unknown[]): unknown {
    let result: unknown[] | undefined;
    for (const [index, child] of current.entries()) {
      path.push(index);
      const replaced = visit(child);
      path.pop();
      if (replaced !== child) (result ??= [...current])[index] = replaced;
    }
    return result ?? current;
  }

  function section(current: Plain): Plain {
    let result: Plain | undefined;
    for (const key of Object.keys(current)) {
      path.push(key);
      const replaced = visit(current[key]);
      path.pop();
      if (replaced !== current[key]) (result ??= { ...current })[key] = replaced;
    }
    return result ?? current;
  }

  return visit(value);
}
