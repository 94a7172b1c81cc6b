import { type Dirent, lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";

/** Entries of a directory; none when it is not there or may not be read. */
export function entriesOf(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Names of the directories in a directory. */
export const directoriesIn = (dir: string): string[] =>
  entriesOf(dir).flatMap((entry) => (entry.isDirectory() ? entry.name : []));

/** Facts about a path without following a symbolic link; undefined when it cannot be looked at. */
export function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** A directory and everything in it, symbolic links left alone. */
export function* everythingIn(dir: string): Generator<string> {
  const stat = lstatOf(dir);
  if (!stat || stat.isSymbolicLink()) return;
  yield dir;
  if (!stat.isDirectory()) return;
  for (const entry of entriesOf(dir)) {
    if (entry.isDirectory()) yield* everythingIn(join(dir, entry.name));
    else if (entry.isFile()) yield join(dir, entry.name);
  }
}
