import { unknownKey, explain } from "./explain.ts";
import type { Finding } from "./issue.ts";
import type { ConfigManifest } from "./manifest.ts";
import { type ConfigPath, isPlain, type Plain } from "./path.ts";

/** Checks a configuration, canonical spellings only, against the schema and every manifest it touches. */
export async function validateConfig(config: unknown, manifests: readonly ConfigManifest[]): Promise<Finding[]> {
  const { validate: validateRoot } = await import("./generated/validate-root.js");
  const findings = validateRoot(config) ? [] : await explainRoot(config);
  if (!isPlain(config)) return findings;
  const byKind = (kind: ConfigManifest["kind"]) =>
    new Map(manifests.filter((manifest) => manifest.kind === kind).map((manifest) => [manifest.id, manifest]));
  const channels = byKind("channel");
  if (isPlain(config.channels)) {
    for (const [id, section] of Object.entries(config.channels)) {
      if (id === "defaults") continue;
      const manifest = channels.get(id);
      if (manifest) findings.push(...(await validateSection(manifest, section, ["channels", id])));
      else findings.push(unknownChannel(id, [...channels.keys()]));
    }
  }
  for (const [id, section, path] of pluginSections(config)) {
    const manifest = byKind("plugin").get(id);
    if (manifest) findings.push(...(await validateSection(manifest, section, path)));
  }
  return findings;
}

async function explainRoot(config: unknown): Promise<Finding[]> {
  const { rootSchema } = await import("./generated/root-schema.js");
  const { channels } = rootSchema.properties!;
  const open = {
    ...rootSchema,
    properties: { ...rootSchema.properties, channels: { ...channels, additionalProperties: true } },
  };
  return orGeneric(explain(open, config), []);
}

async function validateSection(manifest: ConfigManifest, section: unknown, path: ConfigPath): Promise<Finding[]> {
  const validate = await manifest.validator();
  if (validate(section)) return [];
  return orGeneric(explain((await manifest.data()).configSchema, section, path), path);
}

/** A plugin's schema may use keywords that we cannot explain; it is refused all the same. */
function orGeneric(findings: Finding[], path: ConfigPath): Finding[] {
  return findings.length > 0 ? findings : [{ code: "value", path, message: "The section does not match its schema." }];
}

function unknownChannel(id: string, known: readonly string[]): Finding {
  const finding = unknownKey(id, [...known, "defaults"], ["channels", id]);
  return { ...finding, message: `There is no channel "${id}". Install its plugin first if it has one.` };
}

function* pluginSections(config: Plain): Generator<[string, unknown, ConfigPath]> {
  const entries = isPlain(config.plugins) ? config.plugins.entries : undefined;
  if (!isPlain(entries)) return;
  for (const [id, entry] of Object.entries(entries)) {
    if (isPlain(entry) && entry.config !== undefined) yield [id, entry.config, ["plugins", "entries", id, "config"]];
  }
}
