import { getAt, parsePath, type OpenClawConfig } from "@openclaw/core/config";
import type { Skill, SkillNeeds } from "./skill.ts";

/** What skills are judged by. */
export interface GateFacts {
  config: OpenClawConfig;
  env: Readonly<Record<string, string | undefined>>;
  /** As `process.platform` names it. */
  platform: string;
  /** Programs that can be started here. */
  bins: ReadonlySet<string>;
  /** What connected nodes add: commands may run there. */
  nodes?: { platforms: readonly string[]; bins: readonly string[] };
}

export interface SkillGate {
  /** Offered to agents. */
  eligible: boolean;
  /** `skills.entries.<key>.enabled` is false. */
  disabled: boolean;
  /** Bundled, and not in `skills.allowBundled`. */
  blockedByAllowlist: boolean;
  /** What is needed and not there; of `anyBins` all, when there is none of them. */
  missing: SkillNeeds;
  configChecks: { path: string; value: unknown; satisfied: boolean }[];
}

/** Counts as set when the configuration does not name it. */
const trueByDefault = ["browser.enabled"];

/** Decides whether a skill can be used, and says everything that is missing. Pure. */
export function gateSkill(skill: Skill, facts: GateFacts): SkillGate {
  const { needs } = skill;
  const entry = facts.config.skills?.entries?.[skill.skillKey];
  const allowed = facts.config.skills?.allowBundled;
  const hasBin = (name: string) => facts.bins.has(name) || facts.nodes?.bins.includes(name) === true;
  const platforms = [facts.platform, ...(facts.nodes?.platforms ?? [])];
  const configChecks = needs.config.map((path) => {
    const value = getAt(facts.config, parsePath(path) ?? []) ?? (trueByDefault.includes(path) ? true : undefined);
    // The value itself may be a secret; whether it is set is all that counts.
    return { path, value: Boolean(value), satisfied: Boolean(value) };
  });
  const missing: SkillNeeds = {
    bins: needs.bins.filter((name) => !hasBin(name)),
    anyBins: needs.anyBins.some(hasBin) ? [] : needs.anyBins,
    env: needs.env.filter((name) => !isSet(name, skill, facts)),
    config: configChecks.filter(({ satisfied }) => !satisfied).map(({ path }) => path),
    os: needs.os.some((name) => platforms.includes(name)) ? [] : needs.os,
  };
  const disabled = entry?.enabled === false;
  const blockedByAllowlist =
    skill.source === "openclaw-bundled" &&
    allowed !== undefined &&
    !allowed.some((name) => name === skill.name || name === skill.skillKey);
  const { os, ...others } = missing;
  const complete = os.length === 0 && (skill.always || Object.values(others).every((list) => list.length === 0));
  return {
    eligible: !disabled && !blockedByAllowlist && complete,
    disabled,
    blockedByAllowlist,
    missing,
    configChecks,
  };
}

function isSet(name: string, skill: Skill, { env, config }: GateFacts): boolean {
  const entry = config.skills?.entries?.[skill.skillKey];
  return Boolean(env[name] || entry?.env?.[name] || (name === skill.primaryEnv && entry?.apiKey));
}
