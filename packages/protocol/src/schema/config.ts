import type { Static } from "typebox";
import { anything, flag, int, list, mapOf, open, optional, strict, string, text } from "./building-blocks.ts";

export const ConfigGetParams = strict({});
export type ConfigGetParams = Static<typeof ConfigGetParams>;

export const ConfigSchemaParams = strict({});
export type ConfigSchemaParams = Static<typeof ConfigSchemaParams>;

/** `raw` is JSON5. `baseHash` (from `config.get`) is mandatory once the file exists. */
export const ConfigSetParams = strict({ raw: text(), baseHash: optional(text()) });
export type ConfigSetParams = Static<typeof ConfigSetParams>;

/** `config.patch` merges an object, `config.apply` replaces everything; both restart the gateway. */
export const ConfigApplyParams = strict({
  raw: text(),
  baseHash: optional(text()),
  sessionKey: optional(string()),
  note: optional(string()),
  /** Capped at 60000 by the gateway. */
  restartDelayMs: optional(int(0)),
});
export type ConfigApplyParams = Static<typeof ConfigApplyParams>;

export const ConfigIssue = open({ path: string(), message: string() });
export type ConfigIssue = Static<typeof ConfigIssue>;

/** The file as read. Secrets are shown as `__OPENCLAW_REDACTED__`, which `config.patch` and friends restore. */
export const ConfigSnapshot = open({
  path: string(),
  exists: flag(),
  raw: anything(),
  parsed: anything(),
  valid: flag(),
  config: anything(),
  /** 64 hex characters; send it back as `baseHash`. */
  hash: optional(string()),
  issues: list(ConfigIssue),
  warnings: optional(list(ConfigIssue)),
  legacyIssues: optional(list(ConfigIssue)),
});
export type ConfigSnapshot = Static<typeof ConfigSnapshot>;

/** How a form shows one key. Keys are dotted paths; `*` stands for any member. */
export const UiHint = open({
  label: optional(string()),
  help: optional(string()),
  group: optional(string()),
  order: optional(int()),
  advanced: optional(flag()),
  sensitive: optional(flag()),
  placeholder: optional(string()),
  itemTemplate: optional(anything()),
});
export type UiHint = Static<typeof UiHint>;

export const ConfigSchemaResult = open({
  /** JSON Schema, draft-07. */
  schema: anything(),
  uiHints: mapOf(UiHint),
  version: string(),
  generatedAt: string(),
});
export type ConfigSchemaResult = Static<typeof ConfigSchemaResult>;

export const UpdateRunParams = strict({
  sessionKey: optional(string()),
  note: optional(string()),
  restartDelayMs: optional(int(0)),
  timeoutMs: optional(int(1)),
});
export type UpdateRunParams = Static<typeof UpdateRunParams>;
