// What packages with a configuration schema share at build time.
import Ajv from "ajv";
import standalone from "ajv/dist/standalone/index.js";

const annotations = new Set(["description", "title", "default", "examples", "$id", "$schema"]);

/** The schema as plain JSON, without the builder's hidden marks. */
export function plainSchema(schema) {
  return JSON.parse(JSON.stringify(schema, (key, value) => (key.startsWith("~") ? undefined : value)));
}

/** Compiles a schema to an ES module exporting `validate(data): boolean` that imports nothing. */
export async function compileValidator(schema) {
  const ajv = new Ajv({
    code: { source: true, esm: true, lines: false, optimize: 2 },
    strict: true,
    strictTypes: false,
    allErrors: false,
    messages: false,
    inlineRefs: false,
  });
  const validate = ajv.compile(shareDefinitions(bare(schema)));
  const code = withoutErrors(standalone.default(ajv, validate).replace(/export default \w+;/, "")).replace(
    /require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g,
    "((text) => [...text].length)",
  );
  if (code.includes("instancePath")) throw new Error("ajv writes its code differently now: see withoutErrors");
  if (/\brequire\(|\bimport\b/.test(code)) throw new Error("the compiled validator must not load anything");
  return code;
}

/**
 * The module is asked for yes or no; what is wrong is worked out from the annotated schema. Without the error objects, and
 * the copy of the schema they refer to, it is a third of the size and loads accordingly.
 */
function withoutErrors(code) {
  const lean = code
    .replace(/\{instancePath[^{}]*?schemaPath:[^{}]*?params:\{(?:"(?:[^"\\]|\\.)*"|[^{}"])*\}\}/g, "0")
    .replace(/, ?\{instancePath[:,][^{}]*?rootData\}/g, "")
    .replace(
      /vErrors = vErrors === null \? (validate\d+)\.errors : vErrors\.concat\(\1\.errors\);errors = vErrors\.length;/g,
      "errors++;",
    )
    .replace(/validate\d+\.errors = \[(?:0|err\d+)?\];return false;(?:break;)?/g, "return false;")
    .replace(/validate\d+\.errors = vErrors;return errors === 0;/g, "return errors === 0;")
    .replace(
      /const err\d+ = 0;if\(vErrors === null\)\{vErrors = \[err\d+\];\}\s*else \{vErrors\.push\(err\d+\);\}errors\+\+;/g,
      "errors++;",
    )
    .replace(/if\(vErrors !== null\)\{if\(_errs\d+\)\{vErrors\.length = _errs\d+;\}\s*else \{vErrors = null;\}\}/g, "")
    .replace(/\{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}/g, "")
    .replace(/\(data, \)\{let vErrors = null;/g, "(data){let vErrors = null;");
  return lean.replace(/const (schema\d+) = (\{.*?\});(?=const|function|var|let|export)/g, (declaration, name) =>
    new RegExp(`\\b${name}\\b`).test(lean.replace(declaration, "")) ? declaration : "",
  );
}

/** Without annotations: validation does not need them. */
function bare(schema, isProperties = false) {
  if (Array.isArray(schema)) return schema.map((item) => bare(item));
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => isProperties || !(annotations.has(key) || key.startsWith("x-")))
      .map(([key, value]) => [
        key,
        key === "enum" || key === "const" || key === "required"
          ? value
          : bare(value, !isProperties && (key === "properties" || key === "patternProperties" || key === "$defs")),
      ]),
  );
}

/**
 * Moves every object to `definitions`. Equal ones are compiled once, and each becomes a function of its own, which the
 * engine compiles only when a configuration has that section.
 */
export function shareDefinitions(schema) {
  const names = new Map();
  const definitions = {};
  const replace = (node, isSchema) => {
    if (Array.isArray(node)) return node.map((item) => replace(item, isSchema));
    if (typeof node !== "object" || node === null) return node;
    const inner = Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        if (isSchema && key === "properties")
          return [key, Object.fromEntries(Object.entries(value).map(([name, child]) => [name, replace(child, true)]))];
        return [
          key,
          isSchema && ["items", "additionalProperties", "anyOf"].includes(key) ? replace(value, true) : value,
        ];
      }),
    );
    if (!isSchema || node.type !== "object") return inner;
    const text = JSON.stringify(inner);
    if (!names.has(text)) {
      names.set(text, `section${names.size}`);
      definitions[names.get(text)] = inner;
    }
    return { $ref: `#/definitions/${names.get(text)}` };
  };
  const { $schema, ...rest } = schema;
  return { ...($schema && { $schema }), ...replace(rest, true), definitions };
}

/**
 * Defaults at fixed paths as `[path, value]`. Lists, maps and alternatives are skipped: what stands there belongs to the
 * user, and much of it inherits from elsewhere.
 */
export function defaultsOf(schema, path = []) {
  const own = "default" in schema && path.length > 0 ? [[path, schema.default]] : [];
  const children =
    schema.type === "object" && schema.properties
      ? Object.entries(schema.properties).flatMap(([key, child]) => defaultsOf(child, [...path, key]))
      : [];
  return [...own, ...children];
}

/**
 * TypeScript interfaces of `[name, schema, { resolved }]`. In a resolved one, keys that `applyDefaults` fills in are always
 * there.
 */
export function typesOf(named) {
  const header = "// Made from src/config/schema by scripts/generate.mjs.\n";
  const one = ([name, schema, { resolved = false } = {}]) =>
    `\n${docOf(schema, "")}export interface ${name} ${objectType(schema, "", resolved)}\n`;
  return header + named.map(one).join("");
}

function objectType(schema, indent, resolved) {
  const required = new Set(schema.required ?? []);
  const next = `${indent}  `;
  const lines = Object.entries(schema.properties ?? {}).map(([key, child]) => {
    const filled = resolved && defaultsOf(child, [key]).length > 0;
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
    return `${docOf(child, next)}${next}${name}${required.has(key) || filled ? "" : "?"}: ${typeOf(child, next, resolved)};`;
  });
  const extra = schema.additionalProperties;
  if (schema["x-index-type"]) lines.push(`${next}[key: string]: ${schema["x-index-type"]};`);
  else if (typeof extra === "object")
    lines.push(`${next}[key: string]: ${lines.length > 0 ? "unknown" : typeOf(extra, next, false)};`);
  return lines.length === 0 ? "Record<string, never>" : `{\n${lines.join("\n")}\n${indent}}`;
}

/** Lists, maps and alternatives hold no filled-in defaults. */
function typeOf(schema, indent, resolved) {
  if (schema["x-type"]) return schema["x-type"];
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return [...new Set(schema.anyOf.map((option) => typeOf(option, indent, false)))].join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "integer":
    case "number":
      return "number";
    case "array": {
      const item = typeOf(schema.items, indent, false);
      return /^[\w{]/.test(item) && !item.includes(" | ") ? `${item}[]` : `(${item})[]`;
    }
    case "object":
      return objectType(schema, indent, resolved);
    default:
      return "unknown";
  }
}

function docOf(schema, indent) {
  const parts = [
    schema.description,
    schema["x-unit"] && `Unit: ${schema["x-unit"]}.`,
    "default" in schema && `Default: ${JSON.stringify(schema.default)}.`,
  ];
  const text = parts.filter(Boolean).join(" ").replaceAll("*/", "* /");
  return text ? `${indent}/** ${text} */\n` : "";
}
