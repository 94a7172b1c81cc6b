import { chmodSync, existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DoctorCheck, DoctorContext, Finding, Severity } from "../check.ts";
import { entriesOf, everythingIn, lstatOf } from "../list-files.ts";

/** Names that a finding lists before it only counts. */
const NAMED = 3;

export const permissions: DoctorCheck = {
  id: "permissions",
  group: "state",
  title: "Your files are yours alone, and you can read them",
  run(context) {
    // Windows keeps no such bits.
    if (process.platform === "win32") return [];
    const { own, foreign } = byOwner(context);
    const locked = own.filter(isLocked);
    const writable = own.filter((path) => hasBits(path, 0o022));
    const readable = own.filter((path) => hasBits(path, 0o077) && !writable.includes(path));
    const fix = {
      summary: "Leaves these files to you alone: 0600, directories 0700.",
      apply: async () => closeAll(context),
    };
    const told = (severity: Severity, message: string): Finding => ({ severity, message, fix });
    return [
      ...(locked.length > 0 ? [told("error", `You yourself may not read ${named(locked)}.`)] : []),
      ...(writable.length > 0 ? [told("error", `Others may change ${named(writable)}.`)] : []),
      ...(readable.length > 0 ? [told("warning", `Others may read ${named(readable)}.`)] : []),
      ...(foreign.length > 0
        ? [
            {
              severity: "error" as const,
              message: `${named(foreign)} ${foreign.length === 1 ? "belongs" : "belong"} to another user.`,
              hint: `As an administrator: chown -R ${process.getuid?.()} ${context.paths.stateDir}`,
            },
          ]
        : []),
    ];
  },
};

function byOwner(context: DoctorContext): { own: string[]; foreign: string[] } {
  const user = process.getuid?.();
  const paths = [...new Set(secretPaths(context))];
  const isOwn = (path: string) => user === 0 || statSync(path).uid === user;
  return { own: paths.filter(isOwn), foreign: paths.filter((path) => !isOwn(path)) };
}

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

const hasBits = (path: string, mask: number) => (statSync(path).mode & mask) !== 0;

/** A file without the right to read it, a directory without that to look into it. */
function isLocked(path: string): boolean {
  const needed = statSync(path).isDirectory() ? 0o500 : 0o400;
  return (statSync(path).mode & needed) !== needed;
}

/** What a locked directory holds shows only once it is open. */
function closeAll(context: DoctorContext): void {
  const closed = new Set<string>();
  for (;;) {
    const wrong = byOwner(context).own.filter((path) => !closed.has(path) && (isLocked(path) || hasBits(path, 0o077)));
    if (wrong.length === 0) return;
    for (const path of wrong) {
      close(path);
      closed.add(path);
    }
  }
}

/** A file that was made read-only on purpose stays so. */
function close(path: string): void {
  const target = lstatOf(path)?.isSymbolicLink() ? realpathSync(path) : path;
  const stat = statSync(target);
  const mode = stat.mode & 0o700;
  chmodSync(target, stat.isDirectory() ? 0o700 : mode & 0o400 ? mode : 0o600);
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  return paths.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
