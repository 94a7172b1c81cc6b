import { OpenClawError } from "../../error.ts";
import type { JsonSchema } from "../json-schema.ts";
import { composeSchema } from "../publish.ts";
import type { ConfigManifest } from "../manifest.ts";
import { type ConfigPath, formatPath, getAt, isPlain } from "../path.ts";
import { entryOf, type SourceNode } from "../source/node.ts";
import { parseSource } from "../source/parse.ts";

/** Stands for a secret in every copy that leaves the machine. Written back, it means: keep the secret. */
export const REDACTED = "__OPENCLAW_REDACTED__";

/** Whether the text at a path is a secret. */
export type IsSecret = (path: ConfigPath, value: string) => boolean;

const secretName = /(api[-_]?key|token|secret|password|passwd|credential|authorization|cookie|private[-_]?key)s?$/i;

/**
 * Decides by the schema's marks, and by the name of a key (`token`, `apiKey`, ...) where it has none: in headers, in a
 * plugin's own settings. Numbers, empty texts and `${NAME}` are never secrets.
 */
export async function createSecretMatcher(manifests: readonly ConfigManifest[]): Promise<IsSecret> {
  const { rootSchema } = await import("../generated/root-schema.js");
  const { schema } = composeSchema(rootSchema, await Promise.all(manifests.map((manifest) => manifest.data())), {
    version: "",
  });
  return (path, value) => {
    if (value === "" || /^\$\{[A-Z_][A-Z0-9_]*\}$/.test(value)) return false;
    const named = (steps: ConfigPath) => steps.some((step) => typeof step === "string" && secretName.test(step));
    const told = sensitive([schema], path);
    // A manifest may have forgotten the mark, so a telling name counts even where the schema knows the key.
    return told === true || named(told === undefined ? path : path.slice(-1));
  };
}

/** What the schema says of a path; undefined when it says nothing. */
function sensitive(schemas: readonly JsonSchema[], path: ConfigPath): boolean | undefined {
  const options = schemas.flatMap((schema) => [schema, ...(schema.anyOf ?? [])]);
  const [step, ...rest] = path;
  if (options.some((schema) => schema["x-sensitive"])) return true;
  if (step === undefined)
    return options.some((schema) => schema.type !== undefined || schema.enum !== undefined) ? false : undefined;
  const next: JsonSchema[] = [];
  let open = false;
  for (const schema of options) {
    const known = typeof step === "string" ? schema.properties?.[step] : schema.items;
    if (known) next.push(known);
    else if (typeof step === "string" && typeof schema.additionalProperties === "object") {
      // A map of plain texts under names of the user's own, such as headers: the name decides.
      if (schema.additionalProperties.type === "string" && !schema.additionalProperties["x-sensitive"]) open = true;
      else next.push(schema.additionalProperties);
    }
  }
  return next.length === 0 || open ? undefined : sensitive(next, rest);
}

/** A copy of the data with `REDACTED` in place of every secret. */
export function redactConfig(value: unknown, isSecret: IsSecret, path: ConfigPath = []): unknown {
  if (typeof value === "string") return isSecret(path, value) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((item, index) => redactConfig(item, isSecret, [...path, index]));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, redactConfig(child, isSecret, [...path, key])]),
  );
}

/**
 * The text with `REDACTED` in place of every secret; everything else, comments too, stays. Text that cannot be read as
 * JSON5 yields an empty text, because nothing can be told of its secrets.
 */
export function redactRaw(raw: string, isSecret: IsSecret): string {
  const root = tryParse(raw);
  if (!root) return "";
  return splice(
    raw,
    scalars(root)
      .filter(({ node, path }) => typeof node.value === "string" && isSecret(path, node.value))
      .map(({ node }) => ({ ...node, text: JSON.stringify(REDACTED) })),
  );
}

/**
 * Puts the secrets of `current` where `incoming` has `REDACTED`. List entries are matched by their `id`, else by place.
 *
 * Fails with `CONFIG_SECRET_UNKNOWN` when there is no secret to put in its place.
 */
export function restoreSecrets(incoming: unknown, current: unknown, path: ConfigPath = []): unknown {
  if (incoming === REDACTED) return typeof current === "string" && current !== REDACTED ? current : unknownSecret(path);
  if (Array.isArray(incoming))
    return incoming.map((item, index) => restoreSecrets(item, counterpart(current, item, index), [...path, index]));
  if (!isPlain(incoming)) return incoming;
  return Object.fromEntries(
    Object.entries(incoming).map(([key, child]) => [key, restoreSecrets(child, getAt(current, [key]), [...path, key])]),
  );
}

/** The same for texts: the secret is copied as it is written in `current`. */
export function restoreSecretsRaw(incoming: string, current: string): string {
  const root = tryParse(incoming);
  if (!root || !incoming.includes(REDACTED)) return incoming;
  const source = tryParse(current);
  const restored = scalars(root).filter(({ node }) => node.value === REDACTED);
  return splice(
    incoming,
    restored.map(({ node, path, trail }) => {
      const secret = source && follow(source, trail);
      if (secret?.kind !== "scalar" || typeof secret.value !== "string" || secret.value === REDACTED)
        return unknownSecret(path);
      return { ...node, text: current.slice(secret.start, secret.end) };
    }),
  );
}

function unknownSecret(path: ConfigPath): never {
  throw new OpenClawError({
    code: "CONFIG_SECRET_UNKNOWN",
    message: `${formatPath(path)} is ${REDACTED}, but no secret is stored there.`,
    hint: "Write the secret itself, or leave the key out.",
  });
}

function counterpart(current: unknown, item: unknown, index: number): unknown {
  if (!Array.isArray(current)) return undefined;
  const id = isPlain(item) ? item.id : undefined;
  return id === undefined
    ? current[index]
    : (current as unknown[]).find((candidate) => isPlain(candidate) && candidate.id === id);
}

type Scalar = Extract<SourceNode, { kind: "scalar" }>;
/** A step by key, by index, or to the entry with an id. */
type Trail = readonly (string | number | { id: unknown })[];

function scalars(
  node: SourceNode,
  path: ConfigPath = [],
  trail: Trail = [],
): { node: Scalar; path: ConfigPath; trail: Trail }[] {
  if (node.kind === "scalar") return [{ node, path, trail }];
  if (node.kind === "object")
    return node.entries.flatMap(({ key, value }) => scalars(value, [...path, key], [...trail, key]));
  return node.items.flatMap((item, index) => {
    const id = item.kind === "object" ? entryOf(item, "id")?.value : undefined;
    return scalars(item, [...path, index], [...trail, id?.kind === "scalar" ? { id: id.value } : index]);
  });
}

function follow(root: SourceNode, trail: Trail): SourceNode | undefined {
  let node: SourceNode | undefined = root;
  for (const step of trail) {
    if (node?.kind === "object" && typeof step === "string") node = entryOf(node, step)?.value;
    else if (node?.kind === "array" && typeof step === "number") node = node.items[step];
    else if (node?.kind === "array" && typeof step === "object") {
      node = node.items.find((item) => {
        const id = item.kind === "object" ? entryOf(item, "id")?.value : undefined;
        return id?.kind === "scalar" && id.value === step.id;
      });
    } else return undefined;
  }
  return node;
}

function splice(text: string, parts: readonly { start: number; end: number; text: string }[]): string {
  return parts
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, part) => result.slice(0, part.start) + part.text + result.slice(part.end), text);
}

function tryParse(text: string): SourceNode | undefined {
  try {
    return parseSource(text).root;
  } catch {
    return undefined;
  }
}
