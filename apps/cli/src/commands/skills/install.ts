import { installSkill } from "@openclaw/gateway/installation";
import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { findSkills, placeOf, skillNamed, type SkillOptions, skillOptions } from "./report.ts";

interface Options extends SkillOptions {
  name: string;
  using?: string;
  yes?: boolean;
}

export const command: Command<Options> = {
  args: "<name>",
  describe: "Install the programs that a skill needs; shows what it would run, and runs it with --yes",
  examples: [
    ["openclaw skills install github-cli", "says what it would do"],
    ["openclaw skills install github-cli --yes", "does it"],
  ],
  options: (yargs) =>
    skillOptions(yargs)
      .option("using", { type: "string", describe: "Which way, by the id that skills info shows (default: the first)" })
      .option("yes", { type: "boolean", alias: "y", describe: "Do it" }),
  async run({ name, using, yes = false, ...options }, context) {
    const { install, missing, name: skill } = skillNamed(name, await findSkills(options, context));
    const { terminal, json } = context;
    const way = using === undefined ? install[0] : install.find(({ id }) => id === using);
    const programs = [...missing.bins, ...missing.anyBins];
    if (programs.length === 0 && !using) {
      if (json) terminal.json({ ok: true, skill, installed: false });
      else terminal.out(`${skill} has every program that it needs.`);
      return;
    }
    if (!way) {
      const known = install.map(({ id }) => id).join(", ");
      throw usageError(
        using
          ? `${skill} cannot be installed by "${using}".`
          : `${skill} does not say how to install ${programs.join(", ")}.`,
        known ? `There are: ${known}.` : "Use your system's package manager.",
      );
    }
    if (!yes) {
      if (json) terminal.json({ ok: false, skill, installed: false, would: way });
      else {
        terminal.out(`For ${skill} this would be done:\n  ${way.summary}`);
        if (!way.possible) terminal.err("That program is not on this machine, so it would fail.");
        terminal.err("Nothing was done. To do it: add --yes");
      }
      return 1;
    }
    const place = await placeOf(options, context);
    const done = await installSkill({ ...place, name: skill, installId: way.id, consent: true });
    if (json) return terminal.json({ ok: true, skill, installed: true, ...done });
    terminal.out(done.message);
    const after = skillNamed(skill, await findSkills(options, context));
    const still = [...after.missing.bins, ...after.missing.anyBins];
    terminal.err(
      still.length > 0 ? `${still.join(", ")} is still not found on PATH.` : `${skill} has the programs that it needs.`,
    );
  },
};
