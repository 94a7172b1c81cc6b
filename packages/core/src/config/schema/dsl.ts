import { Type, type TOptional, type TSchema, type TUnsafe } from "typebox";

/**
 * Words in which the sections are written. Everything here runs at build time only: `scripts/generate.mjs` turns the
 * sections into types, validators, a table of defaults and the published JSON Schema.
 */
export interface Annotations<T = unknown> {
  /** Applied when the key is absent. Only for values that do not depend on other keys. */
  default?: T;
  /** Unit of a number, e.g. `ms`. */
  unit?: string;
  /** Label in forms; made from the key when absent. */
  label?: string;
  /** Shown inside an empty field. */
  placeholder?: string;
  /** Hidden until a form's "advanced" switch is on. */
  advanced?: boolean;
  /** Completes "Expected ..." in messages when the value does not match `pattern`. */
  expected?: string;
  /** The value is a secret: redacted in every copy that leaves the machine. */
  sensitive?: boolean;
}

/** A section's key that must be present whenever the section is. Every key without this mark is optional. */
export type Needed<T extends TSchema> = T & { "~needed": true };

type Fields<P extends Record<string, TSchema>> = {
  [K in keyof P]: P[K] extends { "~needed": true } ? P[K] : TOptional<P[K]>;
};
type Shape<P extends Record<string, TSchema>> = ReturnType<typeof Type.Object<Fields<P>>>;

function annotate({
  expected,
  unit,
  label,
  placeholder,
  advanced,
  sensitive,
  ...rest
}: Annotations): Record<string, unknown> {
  return {
    ...rest,
    ...(expected && { "x-expected": expected }),
    ...(unit && { "x-unit": unit }),
    ...(label && { title: label }),
    ...(placeholder && { "x-placeholder": placeholder }),
    ...(advanced && { "x-advanced": true }),
    ...(sensitive && { "x-sensitive": true }),
  };
}

export function needed<T extends TSchema>(schema: T): Needed<T> {
  return Object.defineProperty({ ...schema }, "~needed", { value: true, enumerable: false }) as Needed<T>;
}

/** An object that refuses keys it does not list. */
export function section<P extends Record<string, TSchema>>(
  description: string,
  properties: P,
  annotations: Annotations = {},
): Shape<P> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [key, "~needed" in schema ? schema : Type.Optional(schema)]),
  );
  return Type.Object(fields, {
    description,
    additionalProperties: false,
    ...annotate(annotations),
  }) as unknown as Shape<P>;
}

export function text(
  description: string,
  annotations: Annotations<string> & { pattern?: string; minLength?: number; maxLength?: number } = {},
) {
  return Type.String({ description, ...annotate(annotations) });
}

/** A string that is a credential. */
export function secret(description: string, annotations: Annotations<string> & { pattern?: string } = {}) {
  return text(description, { sensitive: true, ...annotations });
}

/** A file or directory; a leading `~` is the home directory. */
export function path(description: string, annotations: Annotations<string> = {}) {
  return Type.String({ description, "x-path": true, ...annotate(annotations) });
}

export function flag(description: string, annotations: Annotations<boolean> = {}) {
  return Type.Boolean({ description, ...annotate(annotations) });
}

interface Bounds {
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

export function int(description: string, annotations: Annotations<number> & Bounds = {}) {
  return Type.Integer({ description, ...annotate(annotations) });
}

export function num(description: string, annotations: Annotations<number> & Bounds = {}) {
  return Type.Number({ description, ...annotate(annotations) });
}

/** One of a fixed list of words. */
export function choice<const V extends readonly (string | number)[]>(
  values: V,
  description: string,
  annotations: Annotations<V[number]> = {},
): TUnsafe<V[number]> {
  return Type.Unsafe<V[number]>({ enum: [...values], description, ...annotate(annotations) });
}

/** `true`, `false`, or one of a list of words. */
export function flagOr<const V extends readonly string[]>(
  values: V,
  description: string,
  annotations: Annotations<V[number] | boolean> = {},
): TUnsafe<V[number] | boolean> {
  return Type.Unsafe<V[number] | boolean>({ enum: [true, false, ...values], description, ...annotate(annotations) });
}

export function list<T extends TSchema>(
  description: string,
  items: T,
  annotations: Annotations & { minItems?: number; maxItems?: number } = {},
) {
  return Type.Array(items, { description, ...annotate(annotations) });
}

export function strings(description: string, annotations: Annotations<string[]> = {}) {
  return list(description, Type.String(), annotations);
}

/** Ids as people write them: numbers are welcome where the platform's ids are digits. */
export function ids(description: string, annotations: Annotations<(string | number)[]> = {}) {
  return list(description, Type.Union([Type.String(), Type.Number()]), annotations);
}

/** An object whose keys are the user's own. */
export function map<T extends TSchema>(
  description: string,
  value: T,
  annotations: Annotations & { key?: string } = {},
) {
  const { key, ...rest } = annotations;
  return Type.Unsafe<{ [key: string]: Type.Static<T> }>({
    type: "object",
    description,
    additionalProperties: value,
    ...(key && { "x-key": key }),
    ...annotate(rest),
  });
}

export function either<T extends TSchema[]>(description: string, options: [...T], annotations: Annotations = {}) {
  return Type.Union(options, { description, ...annotate(annotations) });
}

/** Anything; for data that we hand on and do not interpret. */
export function anything(description: string, annotations: Annotations = {}): TUnsafe {
  return Type.Unsafe<unknown>({ description, ...annotate(annotations) });
}

/** A length of time as people write it: `30m`, `1h30m`, `500ms`. */
export function duration(description: string, annotations: Annotations<string> = {}) {
  return Type.String({
    description,
    pattern: "^(\\d+(\\.\\d+)?(ms|s|m|h|d)?)+$",
    "x-expected": "a duration such as 30m, 1h or 500ms",
    ...annotate(annotations),
  });
}

export const port = (description: string, annotations: Annotations<number> = {}) =>
  int(description, { minimum: 1, maximum: 65535, ...annotations });
