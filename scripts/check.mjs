// Everything CI holds against a change, apart from the tests: each step an error, none with a list of exceptions.
// `node scripts/check.mjs lint types` runs only the named steps.
import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const steps = {
  format: ["oxfmt", "--check", "."],
  lint: ["oxlint", "--type-aware", "--deny-warnings"],
  types: ["tsc", "-p", "tsconfig.json"],
  imports: ["node", "scripts/check-imports.mjs"],
  unused: ["knip"],
  readme: ["node", "scripts/readme-examples.mjs"],
  build: ["turbo", "run", "build", "--output-logs=errors-only"],
  packages: ["node", "scripts/pack-check.mjs"],
};

const wanted = process.argv.slice(2);
const results = [];
for (const [name, [command, ...args]] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const started = performance.now();
  console.log(`\n> ${name}: ${[command, ...args].join(" ")}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: process.env });
  if (error) console.error(error.message);
  results.push({ name, ok: status === 0, seconds: ((performance.now() - started) / 1000).toFixed(1) });
}
console.log("");
for (const { name, ok, seconds } of results) console.log(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
const failed = results.filter(({ ok }) => !ok).length;
if (process.env.CHECK_SUMMARY) appendFileSync(process.env.CHECK_SUMMARY, `${results.length - failed} ${failed}\n`);
process.exit(failed === 0 ? 0 : 1);
