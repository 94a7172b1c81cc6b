import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isPlain } from "./path.ts";
import { loadConfig, type LoadedConfig, type LoadedFile, type LoadOptions } from "./load.ts";
import { readOver, readSource } from "./loading/document.ts";
import { replaceFile } from "./writing/write-file.ts";

/** A configuration that a healthy gateway ran with. */
export interface Snapshot {
  version: 1;
  /** ISO time. */
  savedAt: string;
  /** The configuration file, and its hash then. */
  path: string;
  hash: string;
  /** Version of the program that ran it. */
  programVersion?: string;
  /** Texts of the file and everything it included, secrets as they were written. */
  files: LoadedFile[];
}

export interface LastKnownGood {
  /** Stores what was loaded, mode 0600. Writes only when it differs from what is stored. */
  save(loaded: LoadedConfig, options: { now: number; programVersion?: string }): void;
  /** The snapshot for a configuration file; undefined when there is none or it is damaged. */
  read(configPath: string): Snapshot | undefined;
  /** Loads the snapshot as if its texts still stood in their files. `.env` files are read as they are now. */
  load(
    options: LoadOptions & { configPath: string },
  ): Promise<{ loaded: LoadedConfig; snapshot: Snapshot } | undefined>;
  forget(configPath: string): void;
}

/** The store of `dir` (`last-known-good` in the state directory): one file for each configuration path. */
export function createLastKnownGood(dir: string): LastKnownGood {
  const fileOf = (configPath: string) =>
    join(dir, `${createHash("sha1").update(configPath).digest("hex").slice(0, 8)}.json`);

  function read(configPath: string): Snapshot | undefined {
    try {
      const data: unknown = JSON.parse(readFileSync(fileOf(configPath), "utf8"));
      return isSnapshot(data) && data.path === configPath ? data : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    read,
    save(loaded, { now, programVersion }) {
      const stored = read(loaded.path);
      if (stored && sameFiles(stored.files, loaded.files)) return;
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      const snapshot: Snapshot = {
        version: 1,
        savedAt: new Date(now).toISOString(),
        path: loaded.path,
        hash: loaded.hash,
        ...(programVersion && { programVersion }),
        files: loaded.files,
      };
      replaceFile(fileOf(loaded.path), `${JSON.stringify(snapshot, null, 2)}\n`);
    },
    async load(options) {
      const snapshot = read(options.configPath);
      if (!snapshot) return undefined;
      const real = options.readFile ?? readSource;
      const readFile = readOver(snapshot.files, (path) => {
        if (path !== snapshot.path) return real(path);
        throw Object.assign(new Error(`${path} was not there`), { code: "ENOENT" });
      });
      return { loaded: await loadConfig({ ...options, readFile }), snapshot };
    },
    forget: (configPath) => rmSync(fileOf(configPath), { force: true }),
  };
}

function sameFiles(a: readonly LoadedFile[], b: readonly LoadedFile[]): boolean {
  return (
    a.length === b.length && a.every((file, index) => file.path === b[index]!.path && file.text === b[index]!.text)
  );
}

function isSnapshot(value: unknown): value is Snapshot {
  return (
    isPlain(value) &&
    value.version === 1 &&
    typeof value.path === "string" &&
    typeof value.hash === "string" &&
    Array.isArray(value.files) &&
    value.files.every((file) => isPlain(file) && typeof file.path === "string" && typeof file.text === "string")
  );
}
