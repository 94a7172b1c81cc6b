/** Where a skill was found. A name that is found in two places belongs to the one that comes later in this list. */
export const skillSources = [
  "openclaw-plugin",
  "openclaw-extra",
  "openclaw-bundled",
  "openclaw-managed",
  "openclaw-workspace",
] as const;
export type SkillSource = (typeof skillSources)[number];

/** One way to get a program that a skill needs. Data only: nothing of it runs before somebody has agreed. */
export interface SkillInstaller {
  /** Unique within the skill, e.g. `brew`. */
  id: string;
  kind: "brew" | "node" | "go" | "uv" | "download";
  label: string;
  /** Programs that are there afterwards. */
  bins: string[];
  /** `darwin`, `linux`, `win32`; empty: any. */
  os: string[];
  /** Kind `brew`. */
  formula?: string;
  /** Kinds `node` and `uv`. */
  package?: string;
  /** Kind `go`. */
  module?: string;
  /** Kind `download`; https only. */
  url?: string;
  /** Hexadecimal digest that a download must have. */
  sha256?: string;
  archive?: "tar.gz" | "tar" | "zip";
  /** Leading directories of the archive that are left out. */
  stripComponents?: number;
}

export interface SkillNeeds {
  /** All of these programs. */
  bins: string[];
  /** At least one of these programs. */
  anyBins: string[];
  /** Environment variables. */
  env: string[];
  /** Paths of the configuration whose value must be true, non-zero or non-empty. */
  config: string[];
  /** `darwin`, `linux`, `win32`; empty: any. */
  os: string[];
}

/** What a SKILL.md says. Reading it runs nothing. */
export interface Skill {
  name: string;
  /** One line. */
  description: string;
  /** Key of `skills.entries`. Default: the name. */
  skillKey: string;
  source: SkillSource;
  /** Absolute. */
  filePath: string;
  /** Absolute directory of the file. */
  baseDir: string;
  homepage?: string;
  emoji?: string;
  /** Available whatever programs and variables are missing. */
  always: boolean;
  /** Variable that `skills.entries.<key>.apiKey` stands for. */
  primaryEnv?: string;
  needs: SkillNeeds;
  install: SkillInstaller[];
  /** People may call it as a slash command. */
  userInvocable: boolean;
  /** The model is told about it. */
  modelInvocable: boolean;
  /** The slash command calls this tool, without asking the model. */
  dispatch?: { tool: string; argMode: "raw" };
}

/** A SKILL.md that cannot be used, and why. */
export interface SkillProblem {
  filePath: string;
  message: string;
}
