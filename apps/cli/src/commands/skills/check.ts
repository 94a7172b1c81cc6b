import type { Command } from "../../command-line/command.ts";
import { shortPath } from "../../output/short-path.ts";
import { findSkills, lacks, type SkillOptions, skillOptions, type SkillRow } from "./report.ts";

export const command: Command<SkillOptions> = {
  describe: "What keeps skills from being used, and what to do about it",
  options: skillOptions,
  async run(options, context) {
    const { skills, problems } = await findSkills(options, context);
    const waiting = skills.filter(
      ({ eligible, disabled, blockedByAllowlist }) => !eligible && !disabled && !blockedByAllowlist,
    );
    const off = skills.filter(({ disabled, blockedByAllowlist }) => disabled || blockedByAllowlist);
    const ready = skills.filter(({ eligible }) => eligible);
    const { terminal, json } = context;
    const names = (rows: readonly SkillRow[]) => rows.map(({ name }) => name);
    const missing = waiting.map(({ name, missing: lacking }) => ({ name, missing: lacking }));
    if (json) {
      terminal.json({ ready: names(ready), missing, off: names(off), problems });
      return problems.length > 0 ? 1 : 0;
    }
    terminal.out(`Ready (${ready.length}): ${names(ready).join(", ") || "none"}`);
    if (off.length > 0) terminal.out(`Switched off (${off.length}): ${names(off).join(", ")}`);
    if (waiting.length > 0) terminal.out(`Missing something (${waiting.length}):`);
    for (const row of waiting) terminal.out(`  ${row.name}: ${lacks(row.missing).join("; ")}${remedy(row)}`);
    for (const { filePath, message } of problems) terminal.err(`${shortPath(filePath)} cannot be used: ${message}`);
    return problems.length > 0 ? 1 : 0;
  },
};

function remedy({ name, missing: { os, bins, anyBins, env }, skillKey, install, primaryEnv }: SkillRow): string {
  if (os.length > 0) return "";
  if (bins.length + anyBins.length > 0)
    return install.some(({ possible }) => possible)
      ? ` → openclaw skills install ${name}`
      : " → your system's package manager";
  if (primaryEnv && env.includes(primaryEnv)) return ` → openclaw config set skills.entries.${skillKey}.apiKey …`;
  return "";
}
