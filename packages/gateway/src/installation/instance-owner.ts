import { isOwnerGone, readLockOwner } from "../lock/lock-owner.ts";

/** The process that runs the gateway of an installation. */
export interface InstanceOwner {
  pid: number;
  /** ISO time. */
  createdAt: string;
  configPath: string;
}

/** Who holds the lock at `lockPath`; undefined when nobody does or the process has ended. */
export function instanceOwner(lockPath: string): InstanceOwner | undefined {
  const owner = readLockOwner(lockPath);
  if (!owner || isOwnerGone(owner, lockPath, Date.now())) return undefined;
  const { pid, createdAt, configPath } = owner;
  return { pid, createdAt, configPath };
}
