import { chmodSync, existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DoctorCheck, DoctorContext, Finding } from "../check.ts";
import { entriesOf, everythingIn, lstatOf } from "../list-files.ts";

/** Names that a finding lists before it only counts. */
const NAMED = 3;

export const permissions: DoctorCheck = {
  id: "permissions",
  group: "state",
  title: "Nobody else on this machine reads or changes your files",
  run(context) {
    // Windows keeps no such bits.
    if (process.platform === "win32") return [];
    const paths = [...new Set(secretPaths(context))];
    const open = paths.filter((path) => bitsFor(path, 0o077) !== 0);
    const findings: Finding[] = [];
    if (open.length > 0) {
      const fix = {
        summary: "Takes all rights of group and others away (files 0600, directories 0700).",
        apply: async () => open.forEach(close),
      };
      const writable = open.filter((path) => bitsFor(path, 0o022) !== 0);
      const readable = open.filter((path) => !writable.includes(path));
      if (writable.length > 0)
        findings.push({ severity: "error", message: `Others may change ${named(writable)}.`, fix });
      if (readable.length > 0)
        findings.push({ severity: "warning", message: `Others may read ${named(readable)}.`, fix });
    }
    const user = process.getuid?.();
    const foreign = user === undefined || user === 0 ? [] : paths.filter((path) => statSync(path).uid !== user);
    if (foreign.length > 0) {
      findings.push({
        severity: "error",
        message: `${named(foreign)} ${foreign.length === 1 ? "belongs" : "belong"} to another user.`,
        hint: `As an administrator: chown -R ${user} ${context.paths.stateDir}`,
      });
    }
    return findings;
  },
};

/** Everything that holds secrets or conversations and exists. */
function secretPaths({ paths, loaded }: DoctorContext): string[] {
  const trees = [
    paths.credentialsDir,
    paths.identityDir,
    paths.devicesDir,
    paths.nodesDir,
    paths.lastKnownGoodDir,
    paths.memoryDir,
    join(paths.stateDir, "agents"),
  ];
  const files = [
    paths.configPath,
    ...entriesOf(dirname(paths.configPath)).flatMap(({ name }) =>
      name.startsWith(`${basename(paths.configPath)}.bak`) ? join(dirname(paths.configPath), name) : [],
    ),
    ...loaded.includes.filter((file) => file.startsWith(`${paths.stateDir}/`)),
    paths.envFile,
    paths.execApprovalsPath,
    ...["", "-wal", "-shm"].map((suffix) => paths.databasePath + suffix),
  ];
  return [paths.stateDir, ...files, ...trees.flatMap((tree) => [...everythingIn(tree)])].filter((path) =>
    existsSync(path),
  );
}

/** Those of `mask` that are set, where a link leads. */
function bitsFor(path: string, mask: number): number {
  return statSync(path).mode & mask;
}

function close(path: string): void {
  const target = lstatOf(path)?.isSymbolicLink() ? realpathSync(path) : path;
  chmodSync(target, statSync(target).mode & 0o700);
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  return paths.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
