import type { InstallPlan } from "./install/install-plan.ts";
import type { SkillNeeds, SkillSource } from "./skill.ts";
import type { SkillState } from "./skill-library.ts";

/** A skill as the wire (`skills.status`) and `--json` show it. */
export interface SkillRow {
  name: string;
  description: string;
  source: SkillSource;
  bundled: boolean;
  filePath: string;
  baseDir: string;
  skillKey: string;
  emoji?: string;
  homepage?: string;
  primaryEnv?: string;
  always: boolean;
  disabled: boolean;
  blockedByAllowlist: boolean;
  eligible: boolean;
  requirements: SkillNeeds;
  missing: SkillNeeds;
  /** `value` tells whether it is set, never what it is. */
  configChecks: { path: string; value: unknown; satisfied: boolean }[];
  /** Ways to get missing programs, the best first, each with what it would run. */
  install: { id: string; kind: string; label: string; bins: string[]; summary: string; possible: boolean }[];
}

export function skillRow(skill: SkillState, plans: readonly InstallPlan[]): SkillRow {
  const { name, description, source, filePath, baseDir, skillKey, emoji, homepage, primaryEnv, always } = skill;
  const { disabled, blockedByAllowlist, eligible, missing, configChecks, needs } = skill;
  return {
    name,
    description,
    source,
    bundled: source === "openclaw-bundled",
    filePath,
    baseDir,
    skillKey,
    ...(emoji ? { emoji } : {}),
    ...(homepage ? { homepage } : {}),
    ...(primaryEnv ? { primaryEnv } : {}),
    always,
    disabled,
    blockedByAllowlist,
    eligible,
    requirements: needs,
    missing,
    configChecks,
    install: plans.map(({ installer, summary, possible }) => ({
      id: installer.id,
      kind: installer.kind,
      label: installer.label,
      bins: installer.bins,
      summary,
      possible,
    })),
  };
}
