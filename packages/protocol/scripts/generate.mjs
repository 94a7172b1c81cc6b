// Compiles the params schemas to plain functions, so that neither typebox nor ajv is loaded when a gateway runs.
// The schemas are TypeScript: Node strips the types itself from 22.18 on.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const inputs = ["src/schema/*.ts", "src/constants.ts", "src/methods.ts", "package.json"];
export const outputs = ["src/generated/validators.js", "src/generated/validators.d.ts"];

export async function generate() {
  const { Ajv } = await import("ajv");
  const { default: standalone } = await import("ajv/dist/standalone/index.js");
  const schemas = await import("../src/schema/index.ts");
  const { METHODS } = await import("../src/methods.ts");

  const names = [...new Set(["RequestFrame", ...Object.values(METHODS).map((method) => method.params)])];
  const ajv = new Ajv({ allErrors: true, strict: false, code: { source: true, esm: true, lines: true, optimize: 2 } });
  for (const name of names) ajv.addSchema(JSON.parse(JSON.stringify(schemas[name])), name);
  const code = standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));

  const dir = fileURLToPath(new URL("../src/generated/", import.meta.url));
  mkdirSync(dir, { recursive: true });
  writeFileSync(`${dir}validators.js`, `${runtime}${compact(code)}`);
  writeFileSync(`${dir}validators.d.ts`, declarations(names));
}

// What ajv would `require`, and the one place where a finding is made. At most 64 are kept: a frame full of unknown
// keys must not cost more memory than the frame itself.
const runtime = `function codePoints(text) { let n = 0; for (const _ of text) n++; return n; }
function fail(found, path, message) {
  if (found === null) return [{ path, message }];
  if (found.length < 64) found.push({ path, message });
  return found;
}
`;

// ajv writes every finding as a literal with its schema path, about 300 bytes each; only path and message are ever read.
const finding = new RegExp(
  [
    String.raw`const (err\d+) = \{instancePath(?::(.*?))?,schemaPath:"[^"]*",keyword:"(\w+)",params:\{(.*)\},message:(.*)\};`,
    String.raw`if\(vErrors === null\)\{`,
    String.raw`vErrors = \[\1\];`,
    String.raw`\}`,
    String.raw`else \{`,
    String.raw`vErrors\.push\(\1\);`,
    String.raw`\}`,
    String.raw`errors\+\+;`,
  ].join("\n"),
  "g",
);

function compact(code) {
  const small = code
    .replace(/^"use strict";\n?/, "")
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', "codePoints")
    .replaceAll(finding, (_, _name, from = "instancePath", keyword, params, message) => {
      const path = from === "instancePath" ? '""' : from.replace("instancePath+", "");
      const key = keyword === "additionalProperties" ? params.replace("additionalProperty: ", "") : undefined;
      const text = key === undefined ? message.replaceAll('"+"', "") : `"unexpected property '"+${key}+"'"`;
      const where = key === undefined ? path : path === '""' ? '"root"' : path;
      return `vErrors = fail(vErrors, ${where}, ${text});errors++;`;
    })
    // With the cap, an array may be shorter than the count of findings that a failed alternative rolls back to.
    .replaceAll(/vErrors\.length = (\w+);/g, "vErrors.length = Math.min(vErrors.length, $1);")
    .replaceAll(/\(data, \{instancePath="".*?\}=\{\}\)\{/g, "(data){");
  for (const left of ["require(", "schemaPath", "instancePath"]) {
    if (small.includes(left)) throw new Error(`compiled validators still contain ${left}: ajv writes another form now`);
  }
  // Most copies of the schemas are never read; a few serve as the list of known keys.
  return small.replace(/^const (schema\d+) = .*;\n/gm, (line, name) =>
    small.split(new RegExp(`\\b${name}\\b`)).length > 2 ? line : "",
  );
}

function declarations(names) {
  const head = [
    "export interface Finding { path: string; message: string }",
    "export interface Validator { (value: unknown): boolean; errors?: Finding[] | null }",
  ];
  return `${[...head, ...names.map((name) => `export const ${name}: Validator;`)].join("\n")}\n`;
}
