// Turns the sections of src/config/schema into what runs: a validator that needs no library, the table of defaults,
// the annotated schema (read only when something is wrong, or asked for), and plain types.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileValidator, defaultsOf, plainSchema, typesOf } from "./schema-compiler.mjs";

const out = fileURLToPath(new URL("../src/config/generated/", import.meta.url));

export const inputs = ["src/config/schema/*.ts", "scripts/*.mjs"];
export const outputs = [
  "validate-root.js",
  "validate-root.d.ts",
  "root-schema.js",
  "root-schema.d.ts",
  "defaults.ts",
  "types.ts",
].map((file) => `src/config/generated/${file}`);

export async function generate() {
  const { root } = await import("../src/config/schema/root.ts");
  const { channelBase, channelAccountBase } = await import("../src/config/schema/channel-common.ts");
  const schema = plainSchema(root);
  // Channels are checked one by one against their manifests, so the compiled root lets them through.
  const open = structuredClone(schema);
  open.properties.channels.additionalProperties = true;
  mkdirSync(out, { recursive: true });
  const write = (file, text) => writeFileSync(`${out}${file}`, text);
  write("validate-root.js", await compileValidator(open));
  write("validate-root.d.ts", "export declare function validate(data: unknown): boolean;\n");
  write("root-schema.js", `export const rootSchema = ${JSON.stringify(schema)};\n`);
  write(
    "root-schema.d.ts",
    'import type { JsonSchema } from "../json-schema.ts";\nexport declare const rootSchema: JsonSchema;\n',
  );
  write(
    "defaults.ts",
    `export const rootDefaults: readonly (readonly [readonly string[], unknown])[] = ${JSON.stringify(defaultsOf(schema))};\n`,
  );
  write(
    "types.ts",
    typesOf([
      ["OpenClawConfig", schema],
      [
        "ResolvedConfig",
        { ...schema, description: "A configuration with its defaults filled in." },
        { resolved: true },
      ],
      ["ChannelAccountBase", plainSchema(channelAccountBase)],
      ["ChannelConfigBase", plainSchema(channelBase)],
    ]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
