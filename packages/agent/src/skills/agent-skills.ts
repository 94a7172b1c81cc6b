import type { OpenClawConfig } from "@openclaw/core/config";
import { readSettings } from "../settings.ts";
import { createSkillLibrary, type SkillLibrary, type SkillLibraryOptions } from "./skill-library.ts";

export interface AgentSkillsOptions extends Omit<SkillLibraryOptions, "workspace" | "only"> {
  agentId: string;
}

/** The skills of a configured agent: those of its workspace, and only the ones its `skills` list names, if it has one. */
export function openAgentSkills({ agentId, ...options }: AgentSkillsOptions): SkillLibrary & { workspace: string } {
  const { config, stateDir, env } = options;
  const { workspace } = readSettings({ agentId, config, stateDir, env });
  const only = skillsOf(config, agentId);
  return { ...createSkillLibrary({ ...options, workspace, ...(only ? { only } : {}) }), workspace };
}

function skillsOf(config: OpenClawConfig, agentId: string): readonly string[] | undefined {
  return config.agents?.list?.find((entry) => entry.id.toLowerCase() === agentId)?.skills;
}
