import { formatIssue } from "@openclaw/core/config";
import type { DoctorCheck, Finding } from "../check.ts";

export const configValid: DoctorCheck = {
  id: "config-valid",
  group: "configuration",
  title: "The configuration can be used",
  run({ loaded }) {
    if (!loaded.exists) {
      return [
        {
          severity: "info",
          message: `${loaded.path} is not there yet.`,
          hint: "openclaw setup makes one, and so does the first openclaw gateway.",
        },
      ];
    }
    return [
      ...loaded.issues.map((issue): Finding => ({
        severity: "error",
        message: formatIssue(issue),
        ...(issue.expected ? { hint: `Expected ${issue.expected}.` } : {}),
      })),
      ...loaded.warnings.map((issue): Finding => ({ severity: "warning", message: formatIssue(issue) })),
      ...loaded.notes.map((message): Finding => ({ severity: "warning", message })),
    ];
  },
};
