import type { OpenClawConfig } from "@openclaw/core/config";
import type { Skill, SkillInstaller } from "../skill.ts";

/** One way to install what a skill needs, as it would be done. Shown before anything runs. */
export interface InstallPlan {
  skillName: string;
  skillKey: string;
  installer: SkillInstaller;
  /** Program and arguments, run without a shell. Absent for a download. */
  argv?: string[];
  /** What it does, in words. */
  summary: string;
  /** The program that installs is here. Always for a download. */
  possible: boolean;
}

export interface PlanFacts {
  config: OpenClawConfig;
  platform: string;
  /** Programs that can be started: `brew`, `npm`, `go`, `uv` ... */
  bins: ReadonlySet<string>;
}

/** What the plans may call. */
export const installPrograms = ["brew", "npm", "pnpm", "yarn", "bun", "go", "uv"];

/** The ways for this platform, the best first: those that can be used here, Homebrew before others unless switched off. */
export function planInstalls(skill: Skill, facts: PlanFacts): InstallPlan[] {
  const preferBrew = facts.config.skills?.install?.preferBrew ?? true;
  const plans = skill.install
    .filter(({ os }) => os.length === 0 || os.includes(facts.platform))
    .map((installer) => planInstall(skill, installer, facts));
  const rank = ({ possible, installer }: InstallPlan) =>
    (possible ? 0 : 2) + (installer.kind === "brew" ? (preferBrew ? -1 : 1) : 0);
  return plans.toSorted((a, b) => rank(a) - rank(b));
}

function planInstall(skill: Skill, installer: SkillInstaller, { config, bins }: PlanFacts): InstallPlan {
  const base = { skillName: skill.name, skillKey: skill.skillKey, installer };
  if (installer.kind === "download") {
    const check = installer.sha256
      ? `check its SHA-256 (${installer.sha256})`
      : "its content is not checked against a digest";
    return {
      ...base,
      possible: true,
      summary: `Download ${installer.url}, ${check}, and put it into tools/${toolFolder(skill)}`,
    };
  }
  const argv = commandLine(installer, config.skills?.install?.nodeManager ?? "npm");
  return { ...base, argv, possible: bins.has(argv[0] ?? ""), summary: `Run: ${argv.join(" ")}` };
}

/** The directory of a skill under `tools`. */
export function toolFolder({ skillKey }: Pick<Skill, "skillKey">): string {
  return skillKey.replaceAll(/[^\w-]+/g, "-").replace(/^-+/, "") || "skill";
}

/** Packages may bring scripts of their own, which nobody has read: they are never run. */
function commandLine(installer: SkillInstaller, nodeManager: "npm" | "pnpm" | "yarn" | "bun"): string[] {
  const { kind, formula = "", module = "", package: name = "" } = installer;
  if (kind === "brew") return ["brew", "install", formula];
  if (kind === "go") return ["go", "install", module.includes("@") ? module : `${module}@latest`];
  // Only wheels: building from source would run the package's code.
  if (kind === "uv") return ["uv", "tool", "install", "--no-build", name];
  if (nodeManager === "yarn") return ["yarn", "global", "add", "--ignore-scripts", name];
  return [nodeManager, nodeManager === "npm" ? "install" : "add", "--global", "--ignore-scripts", name];
}
