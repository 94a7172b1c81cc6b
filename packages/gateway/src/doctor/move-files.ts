import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { entriesOf, everythingIn, lstatOf } from "./list-files.ts";

/**
 * Moves what is in a directory into another one, directories joined. Never writes over a file: one that is there with
 * the same content makes the old one superfluous, one with other content makes it stay. Returns what stayed.
 */
export function moveInto(from: string, to: string): string[] {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const stayed = entriesOf(from).flatMap(({ name }) => moveEntry(join(from, name), join(to, name)));
  if (entriesOf(from).length === 0 && existsSync(from)) rmdirSync(from);
  return stayed;
}

/** The same for one file or directory. */
export function moveEntry(from: string, to: string): string[] {
  const [source, target] = [lstatOf(from), lstatOf(to)];
  if (!source) return [];
  if (!target) {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(from, to);
    // What was open to others at the old place is not at the new one.
    for (const path of everythingIn(to)) chmodSync(path, statSync(path).mode & 0o700);
    return [];
  }
  if (source.isDirectory() && target.isDirectory()) return moveInto(from, to);
  if (source.isFile() && target.isFile() && readFileSync(from).equals(readFileSync(to))) {
    rmSync(from);
    return [];
  }
  return [from];
}
