/** Parts of the configuration and of its schema: the whole would fill a model's window. */

interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  description?: string;
}

const steps = (path: string) => path.split(/[.[\]]+/).filter(Boolean);

/** The value at a dotted path; the whole for an empty one. */
export function valueAt(value: unknown, path: string): unknown {
  return steps(path).reduce<unknown>((part, key) => {
    if (typeof part !== "object" || part === null || !Object.hasOwn(part, key)) return undefined;
    return (part as Record<string, unknown>)[key];
  }, value);
}

/** The schema of a dotted path. A map's keys and a list's indexes may be anything. */
export function schemaAt(schema: unknown, path: string): Schema | undefined {
  return steps(path).reduce<Schema | undefined>((part, key) => step(part, key), schema as Schema);
}

function step(schema: Schema | undefined, key: string): Schema | undefined {
  if (!schema) return undefined;
  const { properties, additionalProperties, items, anyOf } = schema;
  if (properties && Object.hasOwn(properties, key)) return properties[key];
  if (typeof additionalProperties === "object") return additionalProperties;
  if (items && (/^\d+$/.test(key) || key === "*")) return items;
  return anyOf?.map((branch) => step(branch, key)).find(Boolean);
}

/** The keys below, each with what it is for. */
export function childrenOf(schema: Schema): Record<string, string> {
  const branches = [schema, ...(schema.anyOf ?? [])];
  return Object.fromEntries(
    branches.flatMap(({ properties = {} }) =>
      Object.entries(properties).map(([key, { description = "" }]) => [key, description]),
    ),
  );
}
