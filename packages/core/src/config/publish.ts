import type { JsonSchema } from "./json-schema.ts";
import type { ManifestData, UiHint } from "./manifest.ts";

export interface PublishedSchema {
  /** JSON Schema, draft 7, of the whole file, with every known channel and plugin. */
  schema: JsonSchema;
  /** How a form shows each key, by dotted path; `*` stands for a map's key or a list's index. */
  uiHints: Record<string, UiHint>;
  version: string;
}

/** Joins the root schema and the manifests to the schema that editors and forms use. */
export function composeSchema(
  root: JsonSchema,
  manifests: readonly ManifestData[],
  { version }: { version: string },
): PublishedSchema {
  const sectionsOf = (kind: "channel" | "plugin") =>
    Object.fromEntries(
      manifests
        .filter((manifest) => (manifest.kind ?? "channel") === kind)
        .map(({ id, label, configSchema: { $schema: _dialect, ...schema } }) => [
          id,
          { title: label ?? id, ...schema },
        ]),
    );
  const { channels, plugins } = root.properties ?? {};
  const entry = plugins?.properties?.entries?.additionalProperties;
  const pluginEntries = Object.fromEntries(
    Object.entries(sectionsOf("plugin")).map(([id, config]) => [
      id,
      typeof entry === "object" ? { ...entry, properties: { ...entry.properties, config } } : config,
    ]),
  );
  const schema: JsonSchema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...root,
    properties: {
      ...root.properties,
      channels: { ...channels, properties: { ...channels?.properties, ...sectionsOf("channel") } },
      plugins: {
        ...plugins,
        properties: { ...plugins?.properties, entries: { ...plugins?.properties?.entries, properties: pluginEntries } },
      },
    },
  };
  const uiHints = hintsOf(schema);
  for (const { id, kind = "channel", uiHints: own = {} } of manifests) {
    const prefix = kind === "channel" ? `channels.${id}` : `plugins.entries.${id}.config`;
    for (const [path, hint] of Object.entries(own)) {
      const { group: _group, order: _order, ...rest } = hint;
      uiHints[`${prefix}.${path}`] = { ...uiHints[`${prefix}.${path}`], ...rest };
    }
  }
  return { schema: withInclude(schema), uiHints, version };
}

/** UI hints of every key of a schema, made from its annotations and the keys' names. */
export function hintsOf(schema: JsonSchema): Record<string, UiHint> {
  const hints: Record<string, UiHint> = {};
  const visit = (node: JsonSchema, path: string, group: string | undefined, order: number) => {
    if (path !== "") {
      const { title, description } = node;
      hints[path] = {
        label: title ?? labelOf(path.split(".").at(-1)!, node),
        ...(description && { help: description }),
        ...(group && { group }),
        order,
        ...(node["x-sensitive"] && { sensitive: true }),
        ...(node["x-advanced"] && { advanced: true }),
        ...(node["x-placeholder"] && { placeholder: node["x-placeholder"] }),
      };
    }
    const child = (key: string) => (path === "" ? key : `${path}.${key}`);
    for (const [index, [key, value]] of Object.entries(node.properties ?? {}).entries())
      visit(value, child(key), group ?? value.title ?? labelOf(key, value), index);
    if (typeof node.additionalProperties === "object") visit(node.additionalProperties, child("*"), group, 0);
    if (node.items) visit(node.items, child("*"), group, 0);
    for (const option of node.anyOf ?? []) {
      for (const [index, [key, value]] of Object.entries(option.properties ?? {}).entries())
        visit(value, child(key), group, index);
    }
  };
  visit(schema, "", undefined, 0);
  return hints;
}

const words: Record<string, string> = {
  api: "API",
  dm: "DM",
  dms: "DMs",
  id: "ID",
  ids: "IDs",
  url: "URL",
  urls: "URLs",
  http: "HTTP",
  tls: "TLS",
  tts: "TTS",
  ui: "UI",
  cli: "CLI",
  cdp: "CDP",
  vnc: "VNC",
  ms: "(ms)",
  mb: "(MB)",
  ssh: "SSH",
  dns: "DNS",
  mdns: "mDNS",
  cpus: "CPUs",
  env: "environment",
  tz: "time zone",
};

/** `dmPolicy` becomes `DM policy`. */
export function labelOf(key: string, schema: JsonSchema = {}): string {
  if (key === "*") return `One ${typeof schema["x-key"] === "string" ? schema["x-key"] : "entry"}`;
  const parts = key
    .replace(/^\$/, "")
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[ _-]+/);
  const text = parts.map((part) => words[part] ?? part).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Any section may be replaced or completed by `$include`; an editor must not call that an unknown key. */
function withInclude(schema: JsonSchema): JsonSchema {
  const visit = ({ "x-type": _type, "x-index-type": _index, ...node }: JsonSchema): JsonSchema => ({
    ...node,
    ...(node.properties && {
      properties: {
        ...Object.fromEntries(Object.entries(node.properties).map(([key, value]) => [key, visit(value)])),
        ...(node.additionalProperties === false && { $include: include }),
      },
    }),
    ...(typeof node.additionalProperties === "object" && { additionalProperties: visit(node.additionalProperties) }),
    ...(node.items && { items: visit(node.items) }),
    ...(node.anyOf && { anyOf: node.anyOf.map(visit) }),
  });
  return visit(schema);
}

const include: JsonSchema = {
  description: "File or files whose content stands here.",
  anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
};
