import type { Dirent, Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { OpenClawError } from "@openclaw/core";

/** A memory file as it stands on disk now. */
export interface MemoryFile {
  /** Relative to the workspace, with `/`; absolute when it lies elsewhere. */
  path: string;
  absolute: string;
  /** Epoch ms, with fractions. */
  mtime: number;
  size: number;
}

const topFiles = ["MEMORY.md", "memory.md"];
/** Notes are written by hand or by an agent; a larger file is something else. */
const maxBytes = 5 * 1024 * 1024;

/**
 * MEMORY.md, memory.md, every .md file under memory/, and those of `extraPaths` (files, or directories with all they
 * hold). Symbolic links are left out, so that none leads elsewhere.
 */
export async function listMemoryFiles(workspace: string, extraPaths: readonly string[] = []): Promise<MemoryFile[]> {
  const extra = extraPaths.map((path) => (isAbsolute(path) ? path : join(workspace, path)));
  const folders = await Promise.all([join(workspace, "memory"), ...extra].map(notesIn));
  const candidates = [...topFiles.map((name) => join(workspace, name)), ...folders.flat()];
  const stats = await Promise.all(candidates.map(statOrNothing));
  const seen = new Set<number>();
  return candidates.flatMap((absolute, index) => {
    const stat = stats[index];
    // On a disk that ignores case MEMORY.md and memory.md are one file.
    if (!stat?.isFile() || stat.size > maxBytes || (stat.ino !== 0 && seen.has(stat.ino))) return [];
    seen.add(stat.ino);
    return [{ path: shownPath(workspace, absolute), absolute, mtime: stat.mtimeMs, size: stat.size }];
  });
}

/** The path itself, when it is a file; else the notes below it, in order. */
async function notesIn(path: string): Promise<string[]> {
  const stat = await statOrNothing(path);
  if (stat?.isFile()) return [path];
  if (!stat?.isDirectory()) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(nothing);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** The absolute path of a memory file named by a model. Throws `MEMORY_PATH` for anything else. */
export async function resolveMemoryFile(
  workspace: string,
  path: string,
  extraPaths: readonly string[] = [],
): Promise<string> {
  if (extraPaths.length > 0) {
    const listed = (await listMemoryFiles(workspace, extraPaths)).find((file) => file.path === path.trim());
    if (listed) return listed.absolute;
  }
  const normal = path
    .trim()
    .replaceAll("\\", "/")
    .replace(/^(?:\.\/)+/, "");
  const parts = normal.split("/");
  const allowed = topFiles.includes(normal) || (parts[0] === "memory" && parts.length > 1 && normal.endsWith(".md"));
  if (!allowed || parts.some((part) => part === "" || part === "." || part === "..") || normal.includes("\0"))
    throw new OpenClawError({
      code: "MEMORY_PATH",
      message: `"${path}" is not a memory file.`,
      hint: "Give MEMORY.md or a file such as memory/2026-01-31.md, relative to the workspace.",
    });
  for (let length = 1; length <= parts.length; length++) {
    const stat = await statOrNothing(join(workspace, ...parts.slice(0, length)));
    if (!stat) throw new OpenClawError({ code: "MEMORY_MISSING", message: `${normal} does not exist.` });
    if (stat.isSymbolicLink() || (length === parts.length) !== stat.isFile())
      throw new OpenClawError({
        code: "MEMORY_PATH",
        message: `${normal} is not a plain file of this workspace.`,
        hint: "Symbolic links are not followed in memory.",
      });
  }
  return join(workspace, ...parts);
}

/** The day a note belongs to: that of its file name, else when it was last changed. `2026-11-20` */
export function noteDate(path: string, mtime: number): string {
  return /\d{4}-\d{2}-\d{2}/.exec(path)?.[0] ?? new Date(mtime).toISOString().slice(0, 10);
}

function shownPath(workspace: string, absolute: string): string {
  const path = relative(workspace, absolute);
  return (path.startsWith("..") || isAbsolute(path) ? absolute : path).split(sep).join("/");
}

function statOrNothing(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

function nothing(): Dirent[] {
  return [];
}
