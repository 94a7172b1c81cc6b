import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Tells our directory from any other that is called `skills`. */
const landmark = join("skill-creator", "SKILL.md");

/**
 * The skills that come with this package: `skills` beside its sources or its `dist`; in the bundled application, which
 * copies them, beside its own files. Undefined when they were removed.
 */
export function bundledSkillsDir(from: string = import.meta.dirname): string | undefined {
  for (let dir = from, up = 0; up < 5 && dir !== dirname(dir); dir = dirname(dir), up++) {
    const candidate = join(dir, "skills");
    if (existsSync(join(candidate, landmark))) return candidate;
  }
  return undefined;
}
