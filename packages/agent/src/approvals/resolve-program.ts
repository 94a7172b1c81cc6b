import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";

export interface ProgramContext {
  cwd: string;
  /** Of the command; parts that are not absolute are left out, or the workspace could slip in a program. */
  path: string;
  home: string;
}

export interface Program {
  /** Links in its directory followed, its own name kept: what `allow-always` remembers. */
  path: string;
  /** Every way of writing it that an allowlist may use. */
  spellings: readonly string[];
}

/** Finds the file that a name would start; undefined for a shell's own word, or nothing. */
export function resolveProgram(name: string, { cwd, path, home }: ProgramContext): Program | undefined {
  if (name === "" || name.includes("\0")) return undefined;
  const written = name === "~" || name.startsWith("~/") ? `${home}${name.slice(1)}` : name;
  const candidates = written.includes("/")
    ? [isAbsolute(written) ? written : join(cwd, written)]
    : path
        .split(":")
        .filter(isAbsolute)
        .map((directory) => join(directory, written));
  // join() takes away `..` before links are followed; the kernel does it after. Such a name is judged by where it is.
  const plain = !/(?:^|\/)\.\.(?:\/|$)/.test(written);
  for (const candidate of plain ? candidates : [isAbsolute(written) ? written : `${cwd}/${written}`]) {
    if (!isProgram(candidate)) continue;
    const place = join(realpathSync.native(dirname(candidate)), basename(candidate));
    return { path: place, spellings: plain ? [...new Set([place, resolve(candidate)])] : [place] };
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
