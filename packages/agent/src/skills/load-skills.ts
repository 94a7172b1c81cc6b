import type { Dirent } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { OpenClawError } from "@openclaw/core";
import { parseSkill } from "./parse-skill.ts";
import { skillSources, type Skill, type SkillProblem, type SkillSource } from "./skill.ts";

/** A directory with one skill per subdirectory. */
export interface SkillRoot {
  /** Absolute. */
  dir: string;
  source: SkillSource;
}

const fileName = "SKILL.md";
/** Folders in which further skills may stand, and how deep. */
const maxDepth = 2;
const maxFolders = 1000;
const maxBytes = 256 * 1024;

/** Every skill of these places; of one name the place that counts most wins. Unusable files are reported, not thrown. */
export async function loadSkills(
  roots: readonly SkillRoot[],
): Promise<{ skills: Skill[]; problems: SkillProblem[]; folders: string[] }> {
  const ordered = roots.toSorted((a, b) => skillSources.indexOf(a.source) - skillSources.indexOf(b.source));
  const found = await Promise.all(ordered.map(readRoot));
  const byName = new Map(found.flatMap(({ skills }) => skills.map((skill) => [skill.name.toLowerCase(), skill])));
  return {
    skills: [...byName.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
    problems: found.flatMap(({ problems }) => problems),
    folders: found.flatMap(({ folders }) => folders),
  };
}

async function readRoot(root: SkillRoot): Promise<{ skills: Skill[]; problems: SkillProblem[]; folders: string[] }> {
  const folders = await skillFolders(root.dir);
  const read = await Promise.all(folders.map((dir) => readSkill(join(dir, fileName), root)));
  return {
    skills: read.flatMap((entry) => (entry && "name" in entry ? [entry] : [])),
    problems: read.flatMap((entry) => (entry && "message" in entry ? [entry] : [])),
    folders,
  };
}

/** The root itself and the folders in it, except below one that is a skill. */
async function skillFolders(dir: string, depth = 0): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((): Dirent[] => []);
  if (entries.length === 0) return depth === 0 ? [] : [dir];
  if (depth === maxDepth || entries.some((entry) => entry.name === fileName)) return [dir];
  const inner = entries.filter(
    (entry) =>
      (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith(".") && entry.name !== "node_modules",
  );
  const nested = await Promise.all(inner.map((entry) => skillFolders(join(dir, entry.name), depth + 1)));
  return [dir, ...nested.flat()].slice(0, maxFolders);
}

async function readSkill(filePath: string, { dir, source }: SkillRoot): Promise<Skill | SkillProblem | undefined> {
  let text: string;
  try {
    // A workspace may come from anybody: what it shows as a skill must lie in it.
    if (source === "openclaw-workspace" && !(await realpath(filePath)).startsWith((await realpath(dir)) + sep))
      return { filePath, message: "it is a link that leads out of the workspace's skills" };
    text = await readStart(filePath);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return { filePath, message: `it cannot be read: ${code ?? String(error)}` };
  }
  try {
    return parseSkill(text, { filePath, source });
  } catch (error) {
    if (OpenClawError.is(error) && error.code === "SKILL_INVALID") return { filePath, message: error.message };
    throw error;
  }
}

async function readStart(filePath: string): Promise<string> {
  const file = await open(filePath, "r");
  try {
    if (!(await file.stat()).isFile()) throw Object.assign(new Error("not a file"), { code: "EINVAL" });
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
