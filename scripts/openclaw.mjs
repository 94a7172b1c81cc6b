// `pnpm openclaw …` runs the CLI from the checkout's sources, without a build.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../apps/cli/src/bin.ts", import.meta.url));
const child = spawn(
  process.execPath,
  ["--conditions=@openclaw/source", "--disable-warning=ExperimentalWarning", bin, ...process.argv.slice(2)],
  { stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
