import type { Skill } from "./skill.ts";

/** A slash command that stands for a skill. */
export interface SkillCommand {
  /** Without the slash; `[a-z0-9_]`, at most 32 characters, unique. */
  name: string;
  skillName: string;
  /** At most 100 characters, for platform menus. */
  description: string;
  /** Absolute path of its SKILL.md. */
  filePath: string;
  /** The command calls this tool with the text behind it, without asking the model. */
  dispatch?: { tool: string; argMode: "raw" };
}

/** What a message with a skill's command comes to. */
export type SkillInvocation =
  | { kind: "prompt"; skillName: string; text: string }
  /** Subject to tool policy like any other call. */
  | {
      kind: "tool";
      skillName: string;
      tool: string;
      args: { command: string; commandName: string; skillName: string };
    };

const maxName = 32;
const maxDescription = 100;

/** Commands of the skills that people may call. A name that is taken, also by `reserved`, gets `_2`, `_3` and so on. */
export function skillCommands(skills: readonly Skill[], reserved: readonly string[] = []): SkillCommand[] {
  const taken = new Set(["skill", ...reserved.map((name) => name.toLowerCase())]);
  return skills
    .filter((skill) => skill.userInvocable)
    .map((skill) => {
      const name = freeName(commandName(skill.name), taken);
      taken.add(name);
      return {
        name,
        skillName: skill.name,
        description: cut(skill.description, maxDescription),
        filePath: skill.filePath,
        ...(skill.dispatch ? { dispatch: skill.dispatch } : {}),
      };
    });
}

/** Reads `/<name> [input]` and `/skill <name> [input]`; a colon may follow the name. Undefined: no skill's command. */
export function readSkillCommand(message: string, commands: readonly SkillCommand[]): SkillInvocation | undefined {
  const direct = /^\/([\w-]+)(?:@\w+)?\s*:?(?:\s+|$)([\s\S]*)$/.exec(message.trim());
  if (!direct) return undefined;
  const [, word = "", rest = ""] = direct;
  if (word.toLowerCase() !== "skill") return invocation(find(word, commands), rest.trim());
  const named = /^(\S+)\s*:?(?:\s+|$)([\s\S]*)$/.exec(rest.trim());
  return named ? invocation(find(named[1]?.replace(/:$/, "") ?? "", commands), (named[2] ?? "").trim()) : undefined;
}

function find(word: string, commands: readonly SkillCommand[]): SkillCommand | undefined {
  const wanted = word.toLowerCase();
  return (
    commands.find(({ name }) => name === wanted) ??
    commands.find(
      ({ skillName }) => skillName.toLowerCase() === wanted || commandName(skillName) === commandName(wanted),
    )
  );
}

function invocation(command: SkillCommand | undefined, input: string): SkillInvocation | undefined {
  if (!command) return undefined;
  const { skillName, name, filePath, dispatch } = command;
  if (dispatch)
    return { kind: "tool", skillName, tool: dispatch.tool, args: { command: input, commandName: name, skillName } };
  const request = input || "Begin; ask for what is missing.";
  return {
    kind: "prompt",
    skillName,
    text: `Follow the skill "${skillName}" (${filePath}) for this request.\n\n${request}`,
  };
}

function commandName(name: string): string {
  const plain = name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_");
  return plain.replace(/^_+|_+$/g, "").slice(0, maxName) || "skill";
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) {
    const ending = `_${number}`;
    const name = base.slice(0, maxName - ending.length) + ending;
    if (!taken.has(name)) return name;
  }
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
