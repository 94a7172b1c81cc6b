import { existsSync, readFileSync, statSync } from "node:fs";

/** What the lock file holds. The format is known to other OpenClaw installations. */
export interface LockOwner {
  pid: number;
  /** ISO time. */
  createdAt: string;
  configPath: string;
  /** Field 22 of /proc/<pid>/stat: tells a reused pid from the process that took the lock. Linux only. */
  startTime?: number;
}

/** A lock file that cannot be read counts as abandoned after this time, ms. */
const STALE_MS = 30_000;

export function readLockOwner(path: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(readFileSync(path, "utf8")) as Partial<LockOwner> | null;
    return Number.isInteger(owner?.pid) && (owner?.pid ?? 0) > 0 ? (owner as LockOwner) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process that took the lock has ended. */
export function isOwnerGone(owner: LockOwner | undefined, path: string, now: number): boolean {
  if (!owner) return !existsSync(path) || now - statSync(path).mtimeMs > STALE_MS;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return owner.startTime !== undefined && processStartTime(owner.pid) !== owner.startTime;
}

export function processStartTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command in field 2 may hold spaces and brackets: count from after its closing one.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  } catch {
    return undefined;
  }
}
