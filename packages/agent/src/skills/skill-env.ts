import type { OpenClawConfig } from "@openclaw/core/config";
import type { Skill } from "./skill.ts";

/** By these a command could run other code than the one that was asked for; no skill's settings may carry them. */
const dangerous =
  /^(?:PATH|HOME|LD_.*|DYLD_.*|NODE_.*|NPM_CONFIG_.*|PYTHON.*|RUBY.*|PERL.*|BASH_ENV|ENV|IFS|SHELL|GIT_.*|GCONV_PATH|SSLKEYLOGFILE|OPENCLAW_.*)$/i;

/**
 * Variables that the settings of these skills add to the commands of a run: `env` of the entry, and `apiKey` under the
 * skill's main variable. What the environment has already stays. The process's own environment is never touched, so
 * there is nothing to put back afterwards.
 */
export function skillEnv(
  skills: readonly Pick<Skill, "skillKey" | "primaryEnv">[],
  config: OpenClawConfig,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const added: Record<string, string> = {};
  for (const { skillKey, primaryEnv } of skills) {
    const entry = config.skills?.entries?.[skillKey];
    const wanted = { ...(primaryEnv && entry?.apiKey ? { [primaryEnv]: entry.apiKey } : {}), ...entry?.env };
    for (const [name, value] of Object.entries(wanted))
      if (value && !env[name] && !(name in added) && !dangerous.test(name)) added[name] = value;
  }
  return added;
}
