export type { ChannelAccountBase, ChannelConfigBase, OpenClawConfig, ResolvedConfig } from "./generated/types.ts";
export { applyDefaults, defaultConfig } from "./defaults.ts";
export { explain } from "./explain.ts";
export { type ConfigIssue, formatIssue, type IssueCode } from "./issue.ts";
export type { JsonSchema } from "./json-schema.ts";
export { hashOf } from "./hash.ts";
export { loadConfig, type LoadedConfig, type LoadedFile, type LoadOptions } from "./load.ts";
export { readOver, type ReadFile } from "./loading/document.ts";
export type { Environment } from "./loading/shell-env.ts";
export { type ConfigManifest, manifestFromData, type ManifestData, type UiHint, type Validator } from "./manifest.ts";
export { nearest } from "./nearest.ts";
export { type ConfigPath, formatPath, getAt, parsePath } from "./path.ts";
export { rewriteLegacy } from "./rewrites/rewrite.ts";
export type { Rewrite, RewriteRule } from "./rewrites/rule.ts";
export { createLastKnownGood, type LastKnownGood, type Snapshot } from "./last-known-good.ts";
export { composeSchema, type PublishedSchema } from "./publish.ts";
export { publishSchema } from "./published-schema.ts";
export { type ConfigEdit, editConfig } from "./source/edit.ts";
export { parseConfigText } from "./parse-text.ts";
export { validateConfig } from "./validate.ts";
export { applyMergePatch, mergePatchEdits } from "./writing/merge-patch.ts";
export { type PlannedFile, planEdits, writePlan } from "./writing/plan.ts";
export {
  createSecretMatcher,
  type IsSecret,
  REDACTED,
  redactConfig,
  redactRaw,
  restoreSecrets,
  restoreSecretsRaw,
} from "./writing/secrets.ts";
export { writeConfigFile, type WriteOptions, type WriteResult } from "./writing/write-file.ts";
