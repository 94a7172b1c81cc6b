import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createLastKnownGood } from "@openclaw/core/config";
import type { DoctorCheck } from "../check.ts";

export const lastKnownGood: DoctorCheck = {
  id: "last-known-good",
  group: "configuration",
  title: "A configuration to fall back on is stored",
  run({ paths, loaded, config, owner }) {
    const snapshot = createLastKnownGood(paths.lastKnownGoodDir).read(paths.configPath);
    if (loaded.valid) {
      if (snapshot) return [];
      if (storedFiles(paths.lastKnownGoodDir).length === 0) {
        return loaded.exists
          ? [
              {
                severity: "info",
                message: "None is stored yet: the first gateway that starts well with this configuration stores it.",
              },
            ]
          : [];
      }
      return [
        {
          severity: "info",
          message: `${paths.lastKnownGoodDir} holds none for ${paths.configPath}, or a damaged one.`,
          hint: "The next gateway that starts well stores it anew.",
        },
      ];
    }
    if (!snapshot || !config) {
      return [
        {
          severity: "error",
          message: "There is no last known good configuration either, so a gateway does not start.",
          hint: `Mend ${paths.configPath}; the problems stand above. A file beside it that ends in .bak is an earlier one.`,
        },
      ];
    }
    return [
      {
        severity: "warning",
        message: `${owner ? `The running gateway (pid ${owner.pid}) keeps` : "A gateway would start with"} the configuration that worked on ${snapshot.savedAt}, not with what the file says.`,
        hint: "It takes the file up by itself as soon as that is mended.",
      },
    ];
  },
};

function storedFiles(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir).map((name) => join(dir, name)) : [];
}
