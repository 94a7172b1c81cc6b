import type { Static } from "typebox";
import { anything, flag, int, list, mapOf, open, optional, strict, string, text } from "./building-blocks.ts";

export const SkillsStatusParams = strict({ agentId: optional(text()) });
export type SkillsStatusParams = Static<typeof SkillsStatusParams>;

export const SkillsBinsParams = strict({});
export type SkillsBinsParams = Static<typeof SkillsBinsParams>;

export const SkillsInstallParams = strict({ name: text(), installId: text(), timeoutMs: optional(int(1000)) });
export type SkillsInstallParams = Static<typeof SkillsInstallParams>;

export const SkillsUpdateParams = strict({
  skillKey: text(),
  enabled: optional(flag()),
  apiKey: optional(string()),
  env: optional(mapOf(string())),
});
export type SkillsUpdateParams = Static<typeof SkillsUpdateParams>;

const needs = () =>
  open({
    bins: list(string()),
    anyBins: list(string()),
    env: list(string()),
    config: list(string()),
    os: list(string()),
  });

export const SkillRow = open({
  name: text(),
  description: string(),
  source: string(),
  bundled: optional(flag()),
  filePath: string(),
  baseDir: string(),
  skillKey: text(),
  emoji: optional(string()),
  homepage: optional(string()),
  always: flag(),
  disabled: flag(),
  blockedByAllowlist: flag(),
  eligible: flag(),
  requirements: needs(),
  missing: needs(),
  configChecks: list(anything()),
  install: list(open({ id: text(), kind: string(), label: string(), bins: list(string()) })),
});
export type SkillRow = Static<typeof SkillRow>;

export const SkillsStatusResult = open({
  workspaceDir: string(),
  managedSkillsDir: string(),
  skills: list(SkillRow),
});
export type SkillsStatusResult = Static<typeof SkillsStatusResult>;

export const SkillsBinsResult = open({ bins: list(string()) });
export type SkillsBinsResult = Static<typeof SkillsBinsResult>;
