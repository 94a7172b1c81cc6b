import { Type, type TProperties } from "typebox";

/** An object that refuses keys it does not know: the rule for params on this wire. */
export const strict = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

/** An object that lets unknown keys pass: results, and the few params that the contract calls tolerant. */
export const open = <T extends TProperties>(properties: T) => Type.Object(properties);

/** A string with at least one character. */
export const text = () => Type.String({ minLength: 1 });

/** Whole number from `minimum` (default 0) to `maximum`. */
export const int = (minimum = 0, maximum?: number) =>
  Type.Integer(maximum === undefined ? { minimum } : { minimum, maximum });

/** Epoch milliseconds. */
export const time = () => int(0);

/** One of these words. Written as `anyOf` of constants because the refusal's text on the wire follows from that form. */
export const oneOf = <const T extends readonly string[]>(words: T) =>
  Type.Unsafe<T[number]>({ anyOf: words.map((word) => ({ type: "string", const: word })) });

export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const list = <T extends Type.TSchema>(schema: T, bounds: { minItems?: number; maxItems?: number } = {}) =>
  Type.Array(schema, bounds);

/** Any keys, one kind of value. Not `Type.Record`: its key pattern lets a key with a line break escape the check. */
export const mapOf = <T extends Type.TSchema>(schema: T) =>
  Type.Unsafe<Record<string, Type.Static<T>>>({ type: "object", additionalProperties: schema });

export const optional = Type.Optional;
export const flag = Type.Boolean;
export const anything = Type.Unknown;
export const string = Type.String;
