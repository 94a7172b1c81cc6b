/** Steps from the root of a configuration to a value: keys and list indexes. */
export type ConfigPath = readonly (string | number)[];

/** `agents.list[0].id`; keys that are not plain names stand in brackets and quotes. */
export function formatPath(path: ConfigPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/**
 * Reads what `formatPath` writes, and the dotted forms that people type: `agents.list.0.id`, `groups.*.requireMention`.
 * A quoted step in brackets is always a key. Undefined when a bracket or quote is left open or a step is empty.
 */
export function parsePath(text: string): ConfigPath | undefined {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== "") {
    const match = /^\.?([^.[\]"']+)|^\.?\[(\d+)\]|^\.?\[("(?:[^"\\]|\\.)*")\]|^\.?\[([^\]"']+)\]/.exec(rest);
    if (!match || (path.length === 0 && rest.startsWith("."))) return undefined;
    const [whole, plain, index, quoted, bare] = match;
    if (plain !== undefined) path.push(/^(0|[1-9]\d*)$/.test(plain) ? Number(plain) : plain);
    else if (index !== undefined) path.push(Number(index));
    else path.push(quoted === undefined ? bare! : (JSON.parse(quoted) as string));
    rest = rest.slice(whole.length);
    if (rest !== "" && !/^[.[]/.test(rest)) return undefined;
    if (rest === ".") return undefined;
  }
  return path.length > 0 ? path : undefined;
}

/** The value at a path; undefined when the path leaves the data. Digits reach both list items and keys. */
export function getAt(value: unknown, path: ConfigPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

export type Plain = Record<string, unknown>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
