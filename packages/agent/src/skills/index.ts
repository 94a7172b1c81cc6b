export { openAgentSkills, type AgentSkillsOptions } from "./agent-skills.ts";
export { bundledSkillsDir } from "./bundled-dir.ts";
export type { GateFacts, SkillGate } from "./gate-skill.ts";
export { type InstallPlan, planInstalls } from "./install/install-plan.ts";
export { type InstallResult, runInstall, type RunInstallOptions } from "./install/run-install.ts";
export { skillRow, type SkillRow } from "./skill-row.ts";
export { readSkillCommand, skillCommands, type SkillCommand, type SkillInvocation } from "./skill-commands.ts";
export {
  createSkillLibrary,
  type RunEnv,
  type SkillLibrary,
  type SkillLibraryOptions,
  type SkillSnapshot,
  type SkillsStatus,
  type SkillState,
} from "./skill-library.ts";
export type { Skill, SkillInstaller, SkillNeeds, SkillProblem, SkillSource } from "./skill.ts";
