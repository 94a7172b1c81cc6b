// `npm start`: build what changed, prepare a first configuration when there is none, run the gateway.
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = fileURLToPath(new URL("../apps/cli/dist/bin.js", import.meta.url));

console.error("openclaw: building (a second start takes this from the cache)");
const build = spawnSync("turbo", ["run", "build", "--filter=openclaw", "--output-logs=errors-only"], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});
if (build.status !== 0) {
  console.error("openclaw: the build failed; run `npx pnpm run build` to see all of it");
  process.exit(1);
}

const node = ["--disable-warning=ExperimentalWarning", bin];
const gateway = spawn(process.execPath, [...node, "gateway", "run", ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => gateway.kill(signal));
gateway.on("exit", (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
