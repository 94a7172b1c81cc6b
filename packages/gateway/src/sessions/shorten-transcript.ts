import { copyFileSync, constants, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

interface Line {
  type?: string;
  id?: string;
  parentId?: string | null;
}

/**
 * Leaves the last `maxLines` entries of a transcript in place; the file as it was stays beside it. The transcript must
 * not be open. `kept` counts entries, without the header.
 */
export function keepLastLines(path: string, maxLines: number, now: number): { kept: number; archived?: string } {
  if (!existsSync(path)) return { kept: 0 };
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const header = lines.filter((line) => read(line)?.type === "session").slice(0, 1);
  const entries = lines.filter((line) => read(line)?.type !== "session");
  if (entries.length <= maxLines) return { kept: entries.length };
  const archived = `${path}.bak.${new Date(now).toISOString().replaceAll(":", "-")}`;
  const next = `${path}.tmp`;
  writeFileSync(next, [...header, ...joined(entries.slice(-maxLines)), ""].join("\n"), { mode: 0o600, flush: true });
  copyFileSync(path, archived, constants.COPYFILE_FICLONE);
  renameSync(next, path);
  return { kept: maxLines, archived };
}

/** Entries whose parent is gone follow the entry before them. */
function joined(lines: readonly string[]): string[] {
  const ids = new Set<string>();
  let previous: string | null = null;
  return lines.map((line) => {
    const entry = read(line);
    if (!entry?.id) return line;
    const orphan = typeof entry.parentId === "string" && !ids.has(entry.parentId);
    const text = orphan ? JSON.stringify({ ...entry, parentId: previous }) : line;
    ids.add(entry.id);
    previous = entry.id;
    return text;
  });
}

function read(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
