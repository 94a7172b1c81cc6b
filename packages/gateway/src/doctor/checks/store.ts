import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DoctorCheck, Finding } from "../check.ts";
import { entriesOf } from "../list-files.ts";
import { readStoreVersion, sqliteProblem } from "../sqlite-problem.ts";
import { migrations } from "../../store/migrations.ts";

const OWNER = "Check its owner and permissions.";

export const store: DoctorCheck = {
  id: "store",
  group: "state",
  title: "The databases are whole",
  async run({ paths }) {
    const findings: Finding[] = [];
    const main = paths.databasePath;
    if (existsSync(main)) {
      const problem = await sqliteProblem(main);
      if (problem) {
        findings.push({
          severity: "error",
          message: `${main} ${problem.what}. It holds messages on their way, in and out.`,
          hint: !problem.damaged
            ? OWNER
            : "Stop the gateway and put a backup in its place, or move the file away to start with an empty one. Conversations are kept elsewhere.",
        });
      } else {
        const version = await readStoreVersion(main);
        if (version > migrations.length) {
          findings.push({
            severity: "error",
            message: `${main} was written by a newer OpenClaw (store version ${version}, this one knows ${migrations.length}).`,
            hint: "Update OpenClaw.",
          });
        }
      }
    }
    for (const { name } of entriesOf(paths.memoryDir).filter((entry) => entry.name.endsWith(".sqlite"))) {
      const path = join(paths.memoryDir, name);
      const problem = await sqliteProblem(path);
      if (problem)
        findings.push({
          severity: "warning",
          message: `${path} ${problem.what}.`,
          hint: !problem.damaged ? OWNER : "It is an index of the memory files: move it away, and it is built anew.",
        });
    }
    return findings;
  },
};
