// `npm start` and `npm test` on a bare clone: re-enter under the pinned pnpm, which installs what is missing
// (Node 22 included) and then runs the task. Needs nothing but Node 20 and npm.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [task, ...args] = process.argv.slice(2);
const root = fileURLToPath(new URL("..", import.meta.url));
const { packageManager } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(
    `openclaw: Node ${process.versions.node} is too old. Install Node 20 or newer from https://nodejs.org and run this again.`,
  );
  process.exit(1);
}

const underPnpm = (process.env.npm_config_user_agent ?? "").startsWith(`${packageManager.replace("@", "/")} `);
const [command, prefix] = underPnpm ? ["pnpm", []] : ["npx", ["--yes", packageManager]];
if (!underPnpm) console.error(`openclaw: preparing with ${packageManager} (first run downloads about 200 MB)`);

const result = spawnSync(command, [...prefix, "run", task, ...args], {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
});
if (result.error) {
  console.error(`openclaw: could not run ${command}: ${result.error.message}`);
  process.exit(1);
}
process.exit(result.status ?? (result.signal ? 130 : 1));
