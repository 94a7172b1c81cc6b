import { accessSync, constants, statSync } from "node:fs";
import type { DoctorCheck } from "../check.ts";

export const stateDir: DoctorCheck = {
  id: "state-dir",
  group: "state",
  title: "The state directory is there and can be written",
  run({ paths }) {
    const dir = paths.stateDir;
    const another = "Check its owner and permissions, or point OPENCLAW_STATE_DIR at one of your own.";
    try {
      if (!statSync(dir).isDirectory())
        return [
          {
            severity: "error",
            message: `${dir} is not a directory.`,
            hint: "Move that file away, or point OPENCLAW_STATE_DIR at a directory.",
          },
        ];
      accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
      return [];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT")
        return [{ severity: "info", message: `${dir} is not there yet.`, hint: "The first gateway makes it." }];
      return [{ severity: "error", message: `${dir} cannot be used (${code}).`, hint: another }];
    }
  },
};
