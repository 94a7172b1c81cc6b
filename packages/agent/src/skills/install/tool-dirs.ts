import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Where downloads of skills are unpacked, one directory per skill. */
export const toolsRoot = (stateDir: string): string => join(stateDir, "tools");

/** Directories in which downloaded programs stand: that of each skill and its `bin`. */
export async function toolDirs(stateDir: string): Promise<string[]> {
  const root = toolsRoot(stateDir);
  const entries = await readdir(root, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap(({ name }) => [join(root, name), join(root, name, "bin")]);
}
