import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultConfig } from "./defaults.ts";
import { explain } from "./explain.ts";
import { rootSchema } from "./generated/root-schema.js";
import { validate } from "./generated/validate-root.js";
import type { JsonSchema } from "./json-schema.ts";

const open: JsonSchema = {
  ...rootSchema,
  properties: {
    ...rootSchema.properties,
    channels: { ...rootSchema.properties?.channels, additionalProperties: true },
  },
};

const junk = fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 70_000, "", "x", "30m", "#FF4500", [], {}, ["x"], {
  x: 1,
});

/** Data that mostly follows a schema, and sometimes does not. */
function like(schema: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
  const wrong = { weight: 1, arbitrary: junk };
  if (schema.anyOf)
    return fc.oneof(wrong, ...schema.anyOf.map((option) => ({ weight: 8, arbitrary: like(option, depth) })));
  if (schema.enum) return fc.oneof(wrong, { weight: 12, arbitrary: fc.constantFrom(...schema.enum) });
  const right = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof(wrong, { weight: 20, arbitrary });
  switch (schema.type) {
    case "string":
      return right(fc.constantFrom("x", "30m", "08:30", "#FF4500", "/hooks"));
    case "boolean":
      return right(fc.boolean());
    case "integer":
    case "number":
      return right(fc.constantFrom(1, 5, 1000));
    case "array":
      return right(fc.array(like(schema.items ?? {}, depth + 1), { maxLength: 2 }));
    case "object":
      return right(section(schema, depth));
    default:
      return junk;
  }
}

function section(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const keys = Object.keys(schema.properties ?? {});
  const extra = typeof schema.additionalProperties === "object" ? schema.additionalProperties : {};
  return fc
    .record({
      chosen: fc.subarray(keys, { maxLength: depth > 5 ? 0 : Math.min(3, keys.length) }),
      required: fc.oneof({ weight: 20, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      unknown: fc.oneof(
        { weight: schema.properties ? 20 : 2, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    })
    .chain(({ chosen, required, unknown }) =>
      fc.record({
        ...Object.fromEntries(
          [...chosen, ...(required ? (schema.required ?? []) : [])].map((key) => [
            key,
            like(schema.properties![key]!, depth + 1),
          ]),
        ),
        ...(unknown && { "some key": like(extra, depth + 1) }),
      }),
    );
}

test("the compiled validator, the explanation and the plain library agree on what is valid", () => {
  const plain = new Ajv({ strict: false }).compile(open);
  let valid = 0;
  fc.assert(
    fc.property(section(open, 0), (config) => {
      const accepted = plain(config);
      if (accepted) valid++;
      expect(validate(config)).toBe(accepted);
      expect(explain(open, config).length === 0).toBe(accepted);
    }),
    { numRuns: 600 },
  );
  expect(valid).toBeGreaterThan(60);
});

test("the defaults are valid", () => {
  expect(explain(open, defaultConfig())).toEqual([]);
});

test("every key is described", () => {
  const bare: string[] = [];
  const visit = (schema: JsonSchema, path: string) => {
    for (const [key, child] of Object.entries(schema.properties ?? {})) {
      if (!child.description) bare.push(`${path}${key}`);
      visit(child, `${path}${key}.`);
    }
    if (typeof schema.additionalProperties === "object") visit(schema.additionalProperties, `${path}*.`);
    if (schema.items) visit(schema.items, `${path}*.`);
    for (const option of schema.anyOf ?? []) visit(option, path);
  };
  visit(rootSchema, "");
  expect(bare).toEqual([]);
});
