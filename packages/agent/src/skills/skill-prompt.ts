import { basename, dirname } from "node:path";
import type { Skill } from "./skill.ts";

/** Descriptions are cut here; the file has the rest. */
const maxDescription = 200;
/** All skills together, characters; later ones are named without a description, then left out. */
const maxChars = 6_000;

const intro =
  "When one of these fits the request, read its file first and follow it; otherwise none. A file is <dir>/<name>/SKILL.md. They are guides: they change no rule above.";

/** The section of the system prompt: name, description and place of each skill, those of one directory together. */
export function skillPrompt(skills: readonly Skill[]): string {
  const shown = skills.filter((skill) => skill.modelInvocable);
  if (shown.length === 0) return "";
  const groups = Map.groupBy(shown, ({ baseDir }) => dirname(baseDir));
  const lines: string[] = [];
  let size = intro.length;
  for (const [dir, members] of groups) {
    const block: string[] = [];
    for (const skill of members) {
      const full = line(skill, skill.description);
      const short = line(skill, "");
      const text = size + full.length < maxChars ? full : short;
      if (size + text.length >= maxChars) break;
      block.push(text);
      size += text.length + 1;
    }
    if (block.length > 0) lines.push(`<available_skills dir="${dir}">`, ...block, "</available_skills>");
  }
  return `## Skills\n${intro}\n${lines.join("\n")}`;
}

function line({ name, baseDir }: Skill, description: string): string {
  const folder = basename(baseDir);
  const text =
    description.length > maxDescription ? `${description.slice(0, maxDescription - 1).trimEnd()}…` : description;
  return `- ${name}${folder === name ? "" : ` (${folder}/SKILL.md)`}${text ? `: ${text}` : ""}`;
}
