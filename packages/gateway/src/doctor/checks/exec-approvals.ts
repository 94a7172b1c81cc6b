import { readFileSync } from "node:fs";
import type { DoctorCheck } from "../check.ts";

export const execApprovals: DoctorCheck = {
  id: "exec-approvals",
  group: "state",
  title: "The list of approved commands can be read",
  run({ paths: { execApprovalsPath: path } }) {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === "ENOENT"
        ? []
        : [
            {
              severity: "error",
              message: `${path} cannot be read (${code}), so no command counts as approved.`,
              hint: "Check its owner and permissions.",
            },
          ];
    }
    try {
      const data: unknown = JSON.parse(text);
      if (typeof data === "object" && data !== null && !Array.isArray(data)) return [];
    } catch {
      // Told below, with everything else that is no object.
    }
    return [
      {
        severity: "error",
        message: `${path} is not valid JSON, so no command counts as approved.`,
        hint: "Correct the file, or move it away to start with an empty list.",
      },
    ];
  },
};
