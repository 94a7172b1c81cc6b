import { basename, dirname } from "node:path";
import { invalid, plainObject, readFrontMatter } from "./front-matter.ts";
import { readInstallers } from "./read-installers.ts";
import type { Skill, SkillSource } from "./skill.ts";
import { oneLine, osNames, strings, webAddress } from "./text-fields.ts";

/** Keys of `metadata` in the order of preference; all but the first are older names of the project. */
const metadataKeys = ["openclaw", "moltbot", "clawdbot", "clawdis"];
const maxDescription = 1024;

/** Reads a SKILL.md. Runs nothing of it. Throws `SKILL_INVALID`. */
export function parseSkill(text: string, { filePath, source }: { filePath: string; source: SkillSource }): Skill {
  const fields = readFrontMatter(text);
  const metadata = plainObject(fields["metadata"]) ?? {};
  const own = metadataKeys.map((key) => plainObject(metadata[key])).find(Boolean) ?? {};
  const requires = plainObject(own["requires"]) ?? {};
  const baseDir = dirname(filePath);
  const name = oneLine(fields["name"]) ?? basename(baseDir);
  // The name becomes a command, a configuration key and a directory.
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name) || name.includes(".."))
    throw invalid("its name must be letters, digits, spaces, - _ and ., at most 64 of them");
  const description = oneLine(fields["description"]);
  if (!description) throw invalid("it has no description");
  const skillKey = oneLine(own["skillKey"]);
  const emoji = oneLine(own["emoji"])?.slice(0, 16);
  const homepage = webAddress(own["homepage"]) ?? webAddress(fields["homepage"]);
  const primaryEnv = oneLine(own["primaryEnv"]);
  const tool = fields["command-dispatch"] === "tool" ? oneLine(fields["command-tool"]) : undefined;
  return {
    name,
    description: description.slice(0, maxDescription),
    skillKey: skillKey && /^[\w.-]{1,64}$/.test(skillKey) ? skillKey : name,
    source,
    filePath,
    baseDir,
    ...(homepage ? { homepage } : {}),
    ...(emoji ? { emoji } : {}),
    always: own["always"] === true,
    ...(primaryEnv && isVariable(primaryEnv) ? { primaryEnv } : {}),
    needs: {
      bins: strings(requires["bins"]),
      anyBins: strings(requires["anyBins"]),
      env: strings(requires["env"]).filter(isVariable),
      config: strings(requires["config"]),
      os: osNames(own["os"]),
    },
    install: readInstallers(own["install"]),
    userInvocable: fields["user-invocable"] !== false,
    modelInvocable: fields["disable-model-invocation"] !== true,
    ...(tool ? { dispatch: { tool, argMode: "raw" as const } } : {}),
  };
}

const isVariable = (name: string) => /^[A-Za-z_]\w{0,127}$/.test(name);
