import type { Command } from "../../command-line/command.ts";
import { formatTable } from "../../output/table.ts";
import { findSkills, type SkillOptions, skillOptions, stateOf } from "./report.ts";

export const command: Command<SkillOptions & { eligible?: boolean }> = {
  describe: "List skills, and whether each can be used here",
  examples: [["openclaw skills list --eligible", "only those that can"]],
  options: (yargs) =>
    skillOptions(yargs).option("eligible", { type: "boolean", describe: "Only those that can be used now" }),
  async run({ eligible = false, ...options }, context) {
    const { skills: all, workspaceDir, managedSkillsDir } = await findSkills(options, context);
    const skills = all.filter((row) => !eligible || row.eligible);
    const { terminal, json } = context;
    if (json) return terminal.json({ workspaceDir, managedSkillsDir, skills });
    const rows = skills.map((row) => ({
      skill: row.name,
      state: stateOf(row),
      from: row.source.replace("openclaw-", ""),
      description: row.description,
    }));
    terminal.out(formatTable(rows, ["skill", "state", "from", "description"], terminal));
    terminal.err(`${all.filter((row) => row.eligible).length} of ${all.length} can be used.`);
  },
};
