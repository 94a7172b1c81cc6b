import type { Command } from "../../command-line/command.ts";
import { formatFacts } from "../../output/facts.ts";
import { shortPath } from "../../output/short-path.ts";
import { findSkills, lacks, skillNamed, type SkillOptions, skillOptions, stateOf } from "./report.ts";

export const command: Command<SkillOptions & { name: string }> = {
  args: "<name>",
  describe: "What a skill is for, what it needs, and what of that is missing",
  options: skillOptions,
  async run({ name, ...options }, context) {
    const skill = skillNamed(name, await findSkills(options, context));
    const { terminal, json } = context;
    if (json) return terminal.json(skill);
    const { requirements, install, missing } = skill;
    terminal.out(
      formatFacts(
        [
          ["Skill", skill.name],
          ["What for", skill.description],
          ["State", stateOf(skill)],
          ["Missing", lacks(missing).join("\n") || undefined],
          ["Needs", lacks(requirements).join("\n") || undefined],
          ["Variable", skill.primaryEnv ? `${skill.primaryEnv} (skills.entries.${skill.skillKey}.apiKey)` : undefined],
          ["File", shortPath(skill.filePath)],
          ["More", skill.homepage],
          ["To install", install.map(({ id, summary }) => `${id}: ${summary}`).join("\n") || undefined],
        ],
        terminal,
      ),
    );
  },
};
