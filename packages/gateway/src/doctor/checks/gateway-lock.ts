import { existsSync, rmSync } from "node:fs";
import { isOwnerGone, readLockOwner } from "../../lock/lock-owner.ts";
import type { DoctorCheck } from "../check.ts";

export const gatewayLock: DoctorCheck = {
  id: "gateway-lock",
  group: "gateway",
  title: "No lock of a gateway that ended stands in the way",
  run({ paths: { lockPath }, owner, clock }) {
    if (owner) return [{ severity: "info", message: `A gateway runs: pid ${owner.pid}, since ${owner.createdAt}.` }];
    const isDead = () => existsSync(lockPath) && isOwnerGone(readLockOwner(lockPath), lockPath, clock.now());
    if (!isDead()) return [];
    const pid = readLockOwner(lockPath)?.pid;
    return [
      {
        severity: "warning",
        message: `${lockPath} was left by a gateway that ended without a goodbye${pid ? ` (pid ${pid})` : ""}.`,
        hint: "The next gateway takes it over by itself.",
        fix: {
          summary: `Removes ${lockPath}.`,
          async apply() {
            if (isDead()) rmSync(lockPath, { force: true });
          },
        },
      },
    ];
  },
};
