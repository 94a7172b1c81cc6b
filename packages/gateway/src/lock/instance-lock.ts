import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type Clock, OpenClawError } from "@openclaw/core";

/** What the lock file holds. The format is known to other OpenClaw installations. */
interface LockOwner {
  pid: number;
  createdAt: string;
  configPath: string;
  /** Field 22 of /proc/<pid>/stat: tells a reused pid from the process that took the lock. Linux only. */
  startTime?: number;
}

export interface InstanceLock {
  release(): void;
}

/** Poll and patience of the known format, in ms. */
const POLL_MS = 100;
const GIVE_UP_MS = 5_000;
const STALE_MS = 30_000;

/**
 * Makes this process the only gateway of a configuration. A lock whose owner is gone is taken over; a living owner is
 * waited for up to 5 s, so that a restart can overlap.
 */
export async function acquireInstanceLock(path: string, configPath: string, clock: Clock): Promise<InstanceLock> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const deadline = clock.now() + GIVE_UP_MS;
  for (;;) {
    if (tryCreate(path, configPath)) return { release: () => releaseOwn(path) };
    const owner = readOwner(path);
    if (isDead(owner, path, clock)) {
      rmSync(path, { force: true });
      continue;
    }
    if (clock.now() >= deadline) {
      throw new OpenClawError({
        code: "GATEWAY_RUNNING",
        message: `Another gateway (pid ${owner?.pid ?? "unknown"}) already runs with ${configPath}.`,
        hint: "Use it as it is (openclaw status), stop it first (openclaw gateway stop), or start a second one with --profile <name>.",
        details: { pid: owner?.pid, lock: path },
      });
    }
    await clock.sleep(POLL_MS);
  }
}

function tryCreate(path: string, configPath: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  const owner: LockOwner = { pid: process.pid, createdAt: new Date().toISOString(), configPath, startTime: startTime(process.pid) };
  writeSync(fd, JSON.stringify(owner));
  closeSync(fd);
  return true;
}

function releaseOwn(path: string): void {
  if (readOwner(path)?.pid === process.pid) rmSync(path, { force: true });
}

function readOwner(path: string): LockOwner | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockOwner;
  } catch {
    return undefined;
  }
}

function isDead(owner: LockOwner | undefined, path: string, clock: Clock): boolean {
  if (!owner) return !existsSync(path) || clock.now() - statSync(path).mtimeMs > STALE_MS;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return owner.startTime !== undefined && startTime(owner.pid) !== owner.startTime;
}

function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command in field 2 may hold spaces and brackets: count from after its closing one.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  } catch {
    return undefined;
  }
}
