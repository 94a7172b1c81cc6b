import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** One line of `sandbox/containers.json`. `image` is `bubblewrap` for sandboxes without a container. */
export interface SandboxEntry {
  containerName: string;
  /** The scope key. */
  sessionKey: string;
  createdAtMs: number;
  lastUsedAtMs: number;
  image: string;
  configHash?: string;
}

export interface SandboxRegistry {
  list(): SandboxEntry[];
  get(containerName: string): SandboxEntry | undefined;
  put(entry: SandboxEntry): void;
  remove(containerName: string): void;
}

/**
 * The file is small and read and written in one go, so that the agents of one gateway do not overwrite each other.
 * One that cannot be read counts as empty: it only speeds up finding what containers themselves say in their labels.
 */
export function createSandboxRegistry(file: string): SandboxRegistry {
  const list = (): SandboxEntry[] => {
    try {
      const { entries } = JSON.parse(readFileSync(file, "utf8")) as { entries?: unknown };
      return Array.isArray(entries) ? entries.filter(isEntry) : [];
    } catch {
      return [];
    }
  };
  const save = (entries: readonly SandboxEntry[]) => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, `${JSON.stringify({ entries }, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  };
  const without = (name: string) => list().filter(({ containerName }) => containerName !== name);
  return {
    list,
    get: (name) => list().find(({ containerName }) => containerName === name),
    put: (entry) => save([...without(entry.containerName), entry]),
    remove: (name) => save(without(name)),
  };
}

function isEntry(value: unknown): value is SandboxEntry {
  const entry = value as Partial<SandboxEntry> | null;
  return (
    typeof entry?.containerName === "string" &&
    typeof entry.sessionKey === "string" &&
    typeof entry.lastUsedAtMs === "number" &&
    typeof entry.createdAtMs === "number"
  );
}
