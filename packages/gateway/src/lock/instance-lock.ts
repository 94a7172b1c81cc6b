import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type Clock, OpenClawError } from "@openclaw/core";
import { isOwnerGone, type LockOwner, processStartTime, readLockOwner } from "./lock-owner.ts";

export interface InstanceLock {
  release(): void;
}

/** Poll and patience of the known format, in ms. */
const POLL_MS = 100;
const GIVE_UP_MS = 5_000;

/**
 * Makes this process the only gateway of a configuration. A lock whose owner is gone is taken over; a living owner is
 * waited for up to 5 s, so that a restart can overlap.
 */
export async function acquireInstanceLock(path: string, configPath: string, clock: Clock): Promise<InstanceLock> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const deadline = clock.now() + GIVE_UP_MS;
  for (;;) {
    if (tryCreate(path, configPath)) return { release: () => releaseOwn(path) };
    const owner = readLockOwner(path);
    if (isOwnerGone(owner, path, clock.now())) {
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
  const owner: LockOwner = {
    pid: process.pid,
    createdAt: new Date().toISOString(),
    configPath,
    startTime: processStartTime(process.pid),
  };
  writeSync(fd, JSON.stringify(owner));
  closeSync(fd);
  return true;
}

function releaseOwn(path: string): void {
  if (readLockOwner(path)?.pid === process.pid) rmSync(path, { force: true });
}
