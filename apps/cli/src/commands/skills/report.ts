import { defaultAgentId } from "@openclaw/core/routing";
import { inspectSkills, type InspectSkillsOptions, type SkillsReport } from "@openclaw/gateway/installation";
import type { Argv } from "yargs";
import type { CommandContext } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { assertValidConfig } from "../../installation/assert-valid.ts";
import { loadInstallation } from "../../installation/installation.ts";

export type SkillRow = SkillsReport["skills"][number];

export interface SkillOptions {
  agent?: string;
}

export const skillOptions = (yargs: Argv): Argv =>
  yargs.option("agent", { type: "string", describe: "Whose skills (default: the default assistant's)" });

/** Where to look; the same on every call, gateway running or not. */
export async function placeOf({ agent }: SkillOptions, context: CommandContext): Promise<InspectSkillsOptions> {
  const { loaded, paths } = await loadInstallation(context);
  assertValidConfig(loaded);
  const agentId = agent?.toLowerCase() ?? defaultAgentId(loaded.config);
  const known = loaded.config.agents?.list?.map(({ id }) => id.toLowerCase()) ?? [];
  if (agent && agentId !== "main" && !known.includes(agentId))
    throw usageError(`There is no assistant "${agent}".`, `There are: ${["main", ...known].join(", ")}.`);
  return { agentId, config: loaded.config, stateDir: paths.stateDir, env: loaded.env };
}

export async function findSkills(options: SkillOptions, context: CommandContext): Promise<SkillsReport> {
  return inspectSkills(await placeOf(options, context));
}

export function skillNamed(name: string, { skills }: SkillsReport): SkillRow {
  const found = skills.find((row) => row.name === name || row.skillKey === name);
  if (!found) throw usageError(`There is no skill "${name}".`, "openclaw skills list shows those there are.");
  return found;
}

/** One word or a short phrase for a table. */
export function stateOf({ eligible, disabled, blockedByAllowlist, missing }: SkillRow): string {
  if (eligible) return "ready";
  if (disabled) return "off";
  if (blockedByAllowlist) return "not allowed";
  return `needs ${lacks(missing)[0]}`;
}

/** Everything that is missing, one line for each kind. */
export function lacks({ os, bins, anyBins, env, config }: SkillRow["missing"]): string[] {
  return [
    os.length > 0 ? os.map((name) => systems[name] ?? name).join(" or ") : "",
    bins.join(", "),
    anyBins.length > 0 ? `one of ${anyBins.join(", ")}` : "",
    env.map((name) => `$${name}`).join(", "),
    config.join(", "),
  ].filter(Boolean);
}

const systems: Readonly<Record<string, string>> = { darwin: "macOS", linux: "Linux", win32: "Windows" };
