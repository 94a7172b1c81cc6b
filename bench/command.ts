import { fileURLToPath } from "node:url";

/** The built command line, as an installation runs it. */
export const builtCommand = [process.execPath, fileURLToPath(new URL("../apps/cli/dist/bin.js", import.meta.url))];

/** The command line from sources: slower to start, the same code. */
export const sourceCommand = [
  process.execPath,
  "--conditions=@openclaw/source",
  "--disable-warning=ExperimentalWarning",
  fileURLToPath(new URL("../apps/cli/src/bin.ts", import.meta.url)),
];
