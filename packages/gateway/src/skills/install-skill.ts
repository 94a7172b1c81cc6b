import type { InstallResult } from "@openclaw/agent/skills";
import { OpenClawError } from "@openclaw/core";
import { inspectSkills, type InspectSkillsOptions } from "./inspect-skills.ts";

export interface InstallSkillOptions extends InspectSkillsOptions {
  name: string;
  /** Default: the best way for this machine. */
  installId?: string;
  /** Somebody has seen what will be run and agreed. */
  consent: boolean;
  /** Default 300 000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Installs what a skill needs. Throws `SKILL_UNKNOWN`, `SKILL_INSTALLER_UNKNOWN`, and what `runInstall` of the agent's
 * skills throws.
 */
export async function installSkill(options: InstallSkillOptions): Promise<InstallResult & { installId: string }> {
  const { name, installId, consent, stateDir, env, timeoutMs, signal } = options;
  const { skills, plans } = await inspectSkills(options);
  const skill = skills.find((row) => row.name === name || row.skillKey === name);
  if (!skill)
    throw new OpenClawError({
      code: "SKILL_UNKNOWN",
      message: `Skill not found: ${name}`,
      hint: "openclaw skills list shows those there are.",
    });
  const ways = plans.get(skill.name) ?? [];
  const plan = installId === undefined ? ways[0] : ways.find(({ installer }) => installer.id === installId);
  if (!plan)
    throw new OpenClawError({
      code: "SKILL_INSTALLER_UNKNOWN",
      message:
        installId === undefined
          ? `${skill.name} does not say how to install what it needs.`
          : `Installer not found: ${installId}`,
      hint:
        ways.length > 0
          ? `There are: ${ways.map(({ installer }) => installer.id).join(", ")}.`
          : "Use your system's package manager.",
    });
  const { runInstall } = await import("@openclaw/agent/skills");
  const result = await runInstall(plan, {
    consent,
    stateDir,
    env,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(signal ? { signal } : {}),
  });
  return { ...result, installId: plan.installer.id };
}
