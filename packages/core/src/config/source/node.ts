/** Syntax tree of one JSON5 document. Offsets are UTF-16 indexes into the text; `end` is exclusive. */
export type SourceNode = ObjectNode | ArrayNode | ScalarNode;

export interface ObjectNode {
  kind: "object";
  start: number;
  end: number;
  /** In file order. A repeated key appears as often as it was written; the last one counts. */
  entries: Entry[];
}

export interface Entry {
  key: string;
  keyStart: number;
  keyEnd: number;
  value: SourceNode;
}

export interface ArrayNode {
  kind: "array";
  start: number;
  end: number;
  items: SourceNode[];
}

export interface ScalarNode {
  kind: "scalar";
  start: number;
  end: number;
  value: string | number | boolean | null;
}

/** Plain data of a tree. Keys are own properties whatever their name. */
export function toValue(node: SourceNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "array") return node.items.map(toValue);
  const result: Record<string, unknown> = {};
  for (const { key, value } of node.entries) {
    if (key === "__proto__") continue;
    result[key] = toValue(value);
  }
  return result;
}

/** The last entry of that name, which is the one that counts. */
export function entryOf(node: ObjectNode, key: string): Entry | undefined {
  return node.entries.findLast((entry) => entry.key === key);
}
