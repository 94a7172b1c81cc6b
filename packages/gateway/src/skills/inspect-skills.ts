import type { InstallPlan, SkillProblem, SkillRow } from "@openclaw/agent/skills";
import { silentLog, systemClock } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";

export interface InspectSkillsOptions {
  agentId: string;
  config: OpenClawConfig;
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
}

export interface SkillsReport {
  workspaceDir: string;
  managedSkillsDir: string;
  skills: SkillRow[];
  /** Files that cannot be used. */
  problems: SkillProblem[];
  /** Ways to get what a skill needs, by its name. */
  plans: ReadonlyMap<string, readonly InstallPlan[]>;
}

/** Looks for skills as an agent would, now and once. Loads only the part of the agent package that reads skills. */
export async function inspectSkills(options: InspectSkillsOptions): Promise<SkillsReport> {
  const { openAgentSkills, skillRow } = await import("@openclaw/agent/skills");
  const library = openAgentSkills({ ...options, clock: systemClock, log: silentLog, watch: false });
  const { skills, plans, problems } = await library.status();
  return {
    workspaceDir: library.workspace,
    managedSkillsDir: library.managedDir,
    skills: skills.map((skill) => skillRow(skill, plans.get(skill.name) ?? [])),
    problems,
    plans,
  };
}
