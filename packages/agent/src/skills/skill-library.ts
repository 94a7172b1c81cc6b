import { delimiter, join } from "node:path";
import type { Clock, Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { expandHome } from "../settings.ts";
import { bundledSkillsDir } from "./bundled-dir.ts";
import { findBins } from "./find-bins.ts";
import { gateSkill, type GateFacts, type SkillGate } from "./gate-skill.ts";
import { loadSkills, type SkillRoot } from "./load-skills.ts";
import { installPrograms, planInstalls, type InstallPlan } from "./install/install-plan.ts";
import { toolDirs } from "./install/tool-dirs.ts";
import type { Skill, SkillProblem } from "./skill.ts";
import { skillCommands, type SkillCommand } from "./skill-commands.ts";
import { skillEnv } from "./skill-env.ts";
import { skillPrompt } from "./skill-prompt.ts";
import { watchRoots } from "./watch-roots.ts";

export interface SkillLibraryOptions {
  /** Defaults applied or not. */
  config: OpenClawConfig;
  /** Absolute; its `skills` directory counts most. */
  workspace: string;
  /** Absolute; managed skills are in its `skills`, their programs in `tools`. */
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  /** Only these, by name or key: `agents.list[].skills`. Undefined: all. */
  only?: readonly string[];
  /** Directories of plugins, absolute. */
  pluginDirs?: readonly string[];
  /** Default: those of this package, or `OPENCLAW_BUNDLED_SKILLS_DIR`. */
  bundledDir?: string;
  /** Default: this machine's. */
  platform?: string;
  /** Default: `skills.load.watch`. Off for a single look. */
  watch?: boolean;
  /** Connected nodes, asked at every look. */
  nodes?: () => GateFacts["nodes"];
}

export type SkillState = Skill & SkillGate;

/** Kept in the session entry as `skillsSnapshot`. */
export interface SkillSnapshot {
  /** Section of the system prompt; empty when there are none. */
  prompt: string;
  skills: { name: string; primaryEnv?: string }[];
  resolvedSkills: {
    name: string;
    description: string;
    filePath: string;
    baseDir: string;
    source: string;
    disableModelInvocation: boolean;
  }[];
  version: number;
}

export interface SkillsStatus {
  skills: SkillState[];
  /** Ways to get what a skill needs, by its name; the best first. */
  plans: ReadonlyMap<string, InstallPlan[]>;
  problems: SkillProblem[];
}

export interface RunEnv {
  /** Only names that the environment does not have. */
  variables: Record<string, string>;
  /** Directories to put at the end of `PATH`. */
  path: string[];
}

export interface SkillLibrary {
  /** Grows when files have changed. */
  version(): number;
  managedDir: string;
  /** Everything that was found, usable or not, by name, with the ways to install; looks at the disk now. */
  status(): Promise<SkillsStatus>;
  /**
   * What a session sees. The first call of a session looks; later ones give the same until the files change. `only`
   * narrows it for one chat.
   */
  snapshot(sessionKey: string, only?: readonly string[]): Promise<SkillSnapshot>;
  /** What the skills of a session's snapshot add to the commands of its run. */
  runEnv(sessionKey: string): RunEnv;
  /**
   * Programs of eligible skills that the owner put there: bundled and managed ones. A workspace may come from anybody,
   * the model included, and must not name what runs unasked. Empty before the first snapshot.
   */
  programs(): string[];
  /** Slash commands of everything eligible. */
  commands(reserved?: readonly string[]): Promise<SkillCommand[]>;
  /** Have the next snapshot of every session look again. */
  refresh(): void;
  close(): void;
}

interface Look extends SkillsStatus {
  path: string[];
}

/** Sessions are many and their snapshots shared, but the list of keys must end somewhere. */
const maxSessions = 1000;

/** The skills of one agent. Nothing is read before it is asked, and nothing that it reads is run. */
export function createSkillLibrary(options: SkillLibraryOptions): SkillLibrary {
  const { config, workspace, stateDir, env, clock, log } = options;
  const load = config.skills?.load ?? {};
  const watching = options.watch ?? load.watch ?? true;
  const managedDir = join(stateDir, "skills");
  const bundledDir = options.bundledDir ?? env["OPENCLAW_BUNDLED_SKILLS_DIR"] ?? bundledSkillsDir();
  const roots: SkillRoot[] = [
    ...(options.pluginDirs ?? []).map((dir) => ({ dir, source: "openclaw-plugin" as const })),
    ...(load.extraDirs ?? []).map((dir) => ({ dir: expandHome(dir, env), source: "openclaw-extra" as const })),
    ...(bundledDir ? [{ dir: bundledDir, source: "openclaw-bundled" as const }] : []),
    { dir: managedDir, source: "openclaw-managed" },
    { dir: join(workspace, "skills"), source: "openclaw-workspace" },
  ];
  const sessions = new Map<string, { only: string; snapshot: SkillSnapshot; runEnv: RunEnv }>();
  const warned = new Set<string>();
  let version = 0;
  let current: Promise<Look> | undefined;
  let programs: string[] = [];

  const refresh = () => {
    version++;
    current = undefined;
  };
  const watcher = watchRoots({ clock, log, debounceMs: load.watchDebounceMs ?? 250, changed: refresh });

  async function look(): Promise<Look> {
    const [{ skills, problems, folders }, tools] = await Promise.all([loadSkills(roots), toolDirs(stateDir)]);
    if (watching)
      watcher.watch([...new Set([...roots.map(({ dir }) => dir), ...folders])].filter((dir) => dir !== bundledDir));
    for (const { filePath, message } of problems) {
      if (!warned.has(filePath)) log.warn(`the skill ${filePath} cannot be used: ${message}`);
      warned.add(filePath);
    }
    const platform = options.platform ?? process.platform;
    const names = skills.flatMap(({ needs, install }) => [
      ...needs.bins,
      ...needs.anyBins,
      ...install.flatMap(({ bins }) => bins),
    ]);
    const bins = await findBins(
      [...names, ...installPrograms],
      [env["PATH"] ?? "", ...tools].join(delimiter),
      platform,
    );
    const nodes = options.nodes?.();
    const facts: GateFacts = { config, env, platform, bins, ...(nodes ? { nodes } : {}) };
    const judged = skills.map((skill) => ({ ...skill, ...gateSkill(skill, facts) }));
    const owned = judged.filter(
      ({ eligible, source }) => eligible && (source === "openclaw-bundled" || source === "openclaw-managed"),
    );
    programs = [...new Set(owned.flatMap(({ needs }) => [...needs.bins, ...needs.anyBins]))];
    return {
      skills: judged,
      plans: new Map(skills.map((skill) => [skill.name, planInstalls(skill, facts)])),
      problems,
      path: tools,
    };
  }

  const latest = () => {
    if (!current) {
      current = look();
      // A failed look is tried again by the next caller.
      current.catch(() => (current = undefined));
    }
    return current;
  };

  const offered = ({ skills }: Look, only?: readonly string[]) =>
    skills.filter((skill) => skill.eligible && isNamed(skill, options.only) && isNamed(skill, only));

  return {
    version: () => version,
    managedDir,
    status: look,
    async snapshot(sessionKey, only) {
      const known = sessions.get(sessionKey);
      const narrowed = only?.join("\n") ?? "*";
      if (known && known.only === narrowed && (known.snapshot.version === version || !watching)) return known.snapshot;
      // Without a watcher each new session looks for itself.
      if (!watching) refresh();
      const seen = version;
      const found = await latest();
      const skills = offered(found, only);
      const snapshot = toSnapshot(skills, seen);
      if (sessions.size >= maxSessions) sessions.delete([...sessions.keys()][0] ?? "");
      sessions.set(sessionKey, {
        only: narrowed,
        snapshot,
        runEnv: { variables: skillEnv(skills, config, env), path: found.path },
      });
      return snapshot;
    },
    runEnv: (sessionKey) => sessions.get(sessionKey)?.runEnv ?? { variables: {}, path: [] },
    programs: () => programs,
    commands: async (reserved) => skillCommands(offered(await latest()), reserved),
    refresh,
    close: () => watcher.close(),
  };
}

function isNamed({ name, skillKey }: Skill, only: readonly string[] | undefined): boolean {
  return only === undefined || only.includes(name) || only.includes(skillKey);
}

function toSnapshot(skills: readonly Skill[], version: number): SkillSnapshot {
  return {
    prompt: skillPrompt(skills),
    skills: skills.map(({ name, primaryEnv }) => ({ name, ...(primaryEnv ? { primaryEnv } : {}) })),
    resolvedSkills: skills.map(({ name, description, filePath, baseDir, source, modelInvocable }) => ({
      name,
      description,
      filePath,
      baseDir,
      source,
      disableModelInvocation: !modelInvocable,
    })),
    version,
  };
}
