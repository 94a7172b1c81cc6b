import type { Finding } from "./issue.ts";
import type { JsonSchema } from "./json-schema.ts";
import { nearest } from "./nearest.ts";
import { type ConfigPath, formatPath, isPlain } from "./path.ts";

/**
 * Works out what is wrong with a value that a compiled validator refused. Slow and thorough where the validator is fast
 * and silent: it walks the annotated schema, reports every problem at once and says what would be right.
 */
export function explain(schema: JsonSchema, value: unknown, path: ConfigPath = []): Finding[] {
  if (schema.anyOf) return explainAlternatives(schema.anyOf, value, path);
  if (schema.enum) return explainEnum(schema, schema.enum, value, path);
  if (schema.type !== undefined && !isOfType(schema.type, value)) return [wrongType(schema, value, path)];
  if (isPlain(value)) return explainObject(schema, value, path);
  if (Array.isArray(value)) return explainList(schema, value, path);
  if (typeof value === "string") return explainText(schema, value, path);
  if (typeof value === "number") return explainNumber(schema, value, path);
  return [];
}

function explainObject(schema: JsonSchema, value: Record<string, unknown>, path: ConfigPath): Finding[] {
  const known = schema.properties ?? {};
  const extra = schema.additionalProperties ?? true;
  const findings: Finding[] = [];
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) {
      findings.push({
        code: "missing-key",
        path,
        message: `The key "${key}" is missing.`,
        expected: `${key}: ${describe(known[key] ?? {})}`,
      });
    }
  }
  for (const [key, child] of Object.entries(value)) {
    const place = [...path, key];
    if (Object.hasOwn(known, key)) findings.push(...explain(known[key]!, child, place));
    else if (extra === false) findings.push(unknownKey(key, Object.keys(known), place));
    else if (extra !== true) findings.push(...explain(extra, child, place));
  }
  return findings;
}

/** A key that the schema does not list, with the listed key it was probably meant to be. */
export function unknownKey(key: string, known: readonly string[], path: ConfigPath): Finding {
  const suggestion = nearest(key, known);
  return {
    code: "unknown-key",
    path,
    atKey: true,
    message:
      path.length === 1
        ? `There is no section "${key}".`
        : `There is no key "${key}" in ${formatPath(path.slice(0, -1))}.`,
    ...(known.length > 0 && { expected: `one of ${known.join(", ")}` }),
    ...(suggestion !== undefined && { suggestion }),
  };
}

function explainList(schema: JsonSchema, value: readonly unknown[], path: ConfigPath): Finding[] {
  const findings: Finding[] = [];
  if (schema.minItems !== undefined && value.length < schema.minItems)
    findings.push(badValue(path, `Needs at least ${schema.minItems} entries.`));
  if (schema.maxItems !== undefined && value.length > schema.maxItems)
    findings.push(badValue(path, `Takes at most ${schema.maxItems} entries.`));
  if (schema.items) value.forEach((item, index) => findings.push(...explain(schema.items!, item, [...path, index])));
  return findings;
}

function explainText(schema: JsonSchema, value: string, path: ConfigPath): Finding[] {
  // Characters as JSON Schema counts them.
  const length = Array.from(value).length;
  if (schema.minLength !== undefined && length < schema.minLength) {
    return [badValue(path, length === 0 ? "Must not be empty." : `Must have at least ${schema.minLength} characters.`)];
  }
  if (schema.maxLength !== undefined && length > schema.maxLength)
    return [badValue(path, `Must have at most ${schema.maxLength} characters.`)];
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    const expected = schema["x-expected"] ?? `text that matches ${schema.pattern}`;
    return [{ ...badValue(path, `Expected ${expected}, found ${show(schema, value)}.`), expected }];
  }
  return [];
}

function explainNumber(schema: JsonSchema, value: number, path: ConfigPath): Finding[] {
  const unit = schema["x-unit"] ? ` ${schema["x-unit"]}` : "";
  const { minimum, maximum, exclusiveMinimum } = schema;
  const bound = (text: string) => [
    { ...badValue(path, `Must be ${text}, found ${value}.`), expected: `a number ${text}` },
  ];
  if (minimum !== undefined && value < minimum) return bound(`at least ${minimum}${unit}`);
  if (maximum !== undefined && value > maximum) return bound(`at most ${maximum}${unit}`);
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return bound(`more than ${exclusiveMinimum}${unit}`);
  return [];
}

function explainEnum(schema: JsonSchema, values: readonly unknown[], value: unknown, path: ConfigPath): Finding[] {
  if (values.includes(value)) return [];
  const expected = `one of ${values.map((item) => JSON.stringify(item)).join(", ")}`;
  const words = values.filter((item) => typeof item === "string");
  const suggestion = typeof value === "string" ? nearest(value, words) : words.find((word) => word === String(value));
  return [
    {
      ...badValue(path, `Expected ${expected}, found ${show(schema, value)}.`),
      expected,
      ...(suggestion !== undefined && { suggestion: JSON.stringify(suggestion) }),
    },
  ];
}

/** Reports the alternative that the value was meant to be: the first of its type. */
function explainAlternatives(options: readonly JsonSchema[], value: unknown, path: ConfigPath): Finding[] {
  let best: Finding[] | undefined;
  for (const option of options) {
    const findings = explain(option, value, path);
    if (findings.length === 0) return [];
    if (
      best === undefined &&
      (option.enum ? typeof value === typeof option.enum[0] : isOfType(option.type ?? "", value))
    )
      best = findings;
  }
  if (best) return best;
  const expected = [...new Set(options.map(describe))].join(" or ");
  return [{ ...badValue(path, `Expected ${expected}, found ${show({}, value)}.`), expected }];
}

function wrongType(schema: JsonSchema, value: unknown, path: ConfigPath): Finding {
  const expected = describe(schema);
  const repaired = repair(schema.type, value);
  return {
    ...badValue(path, `Expected ${expected}, found ${show(schema, value)}.`),
    expected,
    ...(repaired !== undefined && !schema["x-sensitive"] && { suggestion: repaired }),
  };
}

/** The value as it would be written in the right type, when that is obvious. */
function repair(type: JsonSchema["type"], value: unknown): string | undefined {
  if ((type === "integer" || type === "number") && typeof value === "string" && value.trim() !== "") {
    const number = Number(value);
    return Number.isFinite(number) && (type === "number" || Number.isInteger(number)) ? String(number) : undefined;
  }
  if (type === "boolean" && typeof value === "string") {
    if (/^(true|on|yes)$/i.test(value)) return "true";
    if (/^(false|off|no)$/i.test(value)) return "false";
  }
  if (type === "string" && (typeof value === "number" || typeof value === "boolean"))
    return JSON.stringify(String(value));
  if (type === "array" && typeof value === "string" && value.length <= 20) return `[${JSON.stringify(value)}]`;
  return undefined;
}

function badValue(path: ConfigPath, message: string): Finding {
  return { code: "value", path, message };
}

const typeNames: Record<string, string> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a section { ... }",
  null: "null",
};

function describe(schema: JsonSchema): string {
  if (schema.enum) return `one of ${schema.enum.map((item) => JSON.stringify(item)).join(", ")}`;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(describe))].join(" or ");
  const types = schema.type === undefined ? [] : [schema.type].flat();
  return types.map((type) => typeNames[type] ?? type).join(" or ") || "a value";
}

function isOfType(type: string | readonly string[], value: unknown): boolean {
  return [type].flat().some((name) => {
    switch (name) {
      case "integer":
        return Number.isInteger(value);
      case "number":
        return typeof value === "number" && Number.isFinite(value);
      case "array":
        return Array.isArray(value);
      case "object":
        return isPlain(value);
      case "null":
        return value === null;
      default:
        return typeof value === name;
    }
  });
}

/** What was found, never the text of a secret and never much of any text. */
function show(schema: JsonSchema, value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isPlain(value)) return "a section";
  if (typeof value !== "string") return String(value);
  // A longer text may be a key that was put in the wrong place.
  return schema["x-sensitive"] || value.length > 20 ? `a text of ${value.length} characters` : JSON.stringify(value);
}
