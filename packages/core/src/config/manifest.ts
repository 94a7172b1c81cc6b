import type { JsonSchema } from "./json-schema.ts";
import type { RewriteRule } from "./rewrites/rule.ts";

/** How a form shows one key; `help` is the schema's description. */
export interface UiHint {
  label?: string;
  help?: string;
  group?: string;
  order?: number;
  sensitive?: boolean;
  advanced?: boolean;
  placeholder?: string;
}

/** What `openclaw.plugin.json` says about configuration. Pure data, read without loading the channel's or plugin's code. */
export interface ManifestData {
  id: string;
  label?: string;
  description?: string;
  /** `channel` describes `channels.<id>`, `plugin` describes `plugins.entries.<id>.config`. Default: channel. */
  kind?: "channel" | "plugin";
  configSchema: JsonSchema;
  /** By dotted path inside the section; wins over what the schema says. */
  uiHints?: Readonly<Record<string, UiHint>>;
  /** Variables that stand in for keys of the default account. */
  envVars?: readonly string[];
  rewrites?: readonly Omit<RewriteRule, "convert">[];
}

export type Validator = (value: unknown) => boolean;

/** A manifest as the loader uses it: big parts come only when a section of it is configured. */
export interface ConfigManifest {
  id: string;
  label: string;
  kind: "channel" | "plugin";
  envVars: readonly string[];
  rewrites: readonly Omit<RewriteRule, "convert">[];
  /** Defaults at fixed paths of the section. */
  defaults: readonly (readonly [readonly string[], unknown])[];
  data(): Promise<ManifestData>;
  /** Compiled when the package was built, or on first use. */
  validator(): Promise<Validator>;
}

/** Wraps a manifest that was not known when this was built. Its schema is compiled with ajv on first use. */
export function manifestFromData(data: ManifestData): ConfigManifest {
  let validator: Promise<Validator> | undefined;
  return {
    id: data.id,
    label: data.label ?? data.id,
    kind: data.kind ?? "channel",
    envVars: data.envVars ?? [],
    rewrites: data.rewrites ?? [],
    defaults: fixedDefaults(data.configSchema),
    data: () => Promise.resolve(data),
    validator: () => (validator ??= compileSchema(data.configSchema)),
  };
}

function fixedDefaults(schema: JsonSchema, path: readonly string[] = []): (readonly [readonly string[], unknown])[] {
  const own: (readonly [readonly string[], unknown])[] =
    "default" in schema && path.length > 0 ? [[path, schema.default]] : [];
  return [
    ...own,
    ...Object.entries(schema.properties ?? {}).flatMap(([key, child]) => fixedDefaults(child, [...path, key])),
  ];
}

/** Compiles a schema at run time; the one place that loads ajv. */
async function compileSchema(schema: JsonSchema): Promise<Validator> {
  const { Ajv } = await import("ajv");
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const { $schema: _dialect, ...rest } = schema;
  return ajv.compile(rest);
}
