import { homedir } from "node:os";

/** A path as people write it: `~` for their home directory. */
export function shortPath(path: string, home = homedir()): string {
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
