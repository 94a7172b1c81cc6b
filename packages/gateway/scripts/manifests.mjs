// Turns src/manifests/source into the channels' manifests (pure data, committed), their compiled validators, and the JSON
// Schema of the whole file for editors.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const generated = "src/manifests/generated";
const ids = [
  "whatsapp",
  "telegram",
  "discord",
  "googlechat",
  "slack",
  "mattermost",
  "signal",
  "imessage",
  "bluebubbles",
  "msteams",
];

export const manifestInputs = [
  "src/manifests/source/*.ts",
  "scripts/manifests.mjs",
  "../core/src/config/schema/*.ts",
  "../core/src/config/publish.ts",
  "../core/scripts/*.mjs",
];
export const manifestOutputs = [
  ...ids.flatMap((id) => [`${generated}/${id}.js`, `${generated}/${id}-data.js`]),
  `${generated}/index.js`,
  `${generated}/index.d.ts`,
  `${generated}/openclaw.schema.json`,
];

export async function generateManifests() {
  const { compileValidator, defaultsOf, plainSchema, shareDefinitions } =
    await import("@openclaw/core/config/schema-compiler");
  const { composeSchema, hintsOf } = await import("@openclaw/core/config/publish");
  const { root: rootSchema } = await import("@openclaw/core/config/schema");
  const { channelSources } = await import("../src/manifests/source/index.ts");
  for (const dir of [generated, "manifests"]) mkdirSync(join(root, dir), { recursive: true });
  const write = (file, text) => writeFileSync(join(root, file), text);
  const entries = [];
  const manifests = [];
  for (const { id, label, description, schema, envVars = [], rewrites = [] } of channelSources) {
    const configSchema = { $schema: "http://json-schema.org/draft-07/schema#", ...plainSchema(schema) };
    const manifest = {
      id,
      label,
      name: label,
      description,
      kind: "channel",
      channels: [id],
      envVars,
      rewrites,
      configSchema,
      uiHints: shortHints(hintsOf(configSchema)),
    };
    manifests.push(manifest);
    write(
      id === "telegram" ? "../channel-telegram/openclaw.plugin.json" : `manifests/${id}.json`,
      `${JSON.stringify(manifest, null, 2)}\n`,
    );
    write(`${generated}/${id}.js`, await compileValidator(configSchema));
    write(`${generated}/${id}-data.js`, `export const manifest = ${JSON.stringify(manifest)};\n`);
    entries.push(
      `{ id: ${JSON.stringify(id)}, label: ${JSON.stringify(label)}, kind: "channel", envVars: ${JSON.stringify(envVars)}, rewrites: ${JSON.stringify(rewrites)}, defaults: ${JSON.stringify(defaultsOf(configSchema))},\n` +
        `    data: async () => (await import("./${id}-data.js")).manifest, validator: async () => (await import("./${id}.js")).validate }`,
    );
  }
  write(`${generated}/index.js`, `export const channelManifests = [\n  ${entries.join(",\n  ")},\n];\n`);
  write(
    `${generated}/index.d.ts`,
    'import type { ConfigManifest } from "@openclaw/core/config";\nexport declare const channelManifests: readonly ConfigManifest[];\n',
  );
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { schema } = composeSchema(plainSchema(rootSchema), manifests, { version });
  write(`${generated}/openclaw.schema.json`, `${JSON.stringify(shareDefinitions(schema))}\n`);
}

/** Help texts, groups and order follow from the schema; a manifest need not repeat them. */
function shortHints(hints) {
  return Object.fromEntries(
    Object.entries(hints).map(([path, { label, sensitive, advanced, placeholder }]) => [
      path,
      { label, sensitive, advanced, placeholder },
    ]),
  );
}
