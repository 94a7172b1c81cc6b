/** The part of JSON Schema (draft 7) that our schemas use, with the `x-` annotations of ours. */
export interface JsonSchema {
  type?: string | readonly string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly JsonSchema[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  "x-unit"?: string;
  "x-expected"?: string;
  "x-sensitive"?: boolean;
  "x-advanced"?: boolean;
  "x-placeholder"?: string;
  /** What a map's keys are, e.g. `account`. */
  "x-key"?: string;
  [keyword: string]: unknown;
}
