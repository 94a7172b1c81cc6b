import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { DoctorCheck } from "../check.ts";

/** Below the first nothing can be relied on any more; below the second a busy day may fill the disk. Bytes. */
const NONE = 50 * 1024 ** 2;
const LITTLE = 500 * 1024 ** 2;

export const diskSpace: DoctorCheck = {
  id: "disk-space",
  group: "machine",
  title: "There is room on the disk",
  run({ paths }) {
    let dir = paths.stateDir;
    while (!existsSync(dir) && dirname(dir) !== dir) dir = dirname(dir);
    const { bavail, bsize } = statfsSync(dir);
    const free = bavail * bsize;
    if (free >= LITTLE) return [];
    return [
      {
        severity: free < NONE ? "error" : "warning",
        message: `Only ${Math.floor(free / 1024 ** 2)} MB are free on the disk of ${paths.stateDir}.`,
        hint: "Free some: a full disk means messages that cannot be accepted.",
      },
    ];
  },
};
