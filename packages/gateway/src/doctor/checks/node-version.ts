import type { DoctorCheck } from "../check.ts";

const OLDEST = 22;

export const nodeVersion: DoctorCheck = {
  id: "node-version",
  group: "machine",
  title: `Node is version ${OLDEST} or newer, with SQLite`,
  async run() {
    if (Number(process.versions.node.split(".")[0]) < OLDEST) {
      return [
        {
          severity: "error",
          message: `This is Node ${process.versions.node}.`,
          hint: "Install a current Node from https://nodejs.org.",
        },
      ];
    }
    const found = await import("node:sqlite").then(
      () => true,
      () => false,
    );
    return found
      ? []
      : [
          {
            severity: "error",
            message: `Node ${process.versions.node} comes without node:sqlite.`,
            hint: "Install Node 22.13 or newer.",
          },
        ];
  },
};
