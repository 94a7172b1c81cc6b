// The first ```ts block of every package's README is type-checked and run, so that it can be trusted.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const FILE = "readme-example.generated.ts";

const found = globSync("{packages,extensions}/*/package.json", { cwd: root })
  .toSorted()
  .map((manifest) => {
    const dir = join(root, dirname(manifest));
    const readme = join(dir, "README.md");
    const block = existsSync(readme) ? /^```ts\n([\s\S]*?)^```/m.exec(readFileSync(readme, "utf8"))?.[1] : undefined;
    return { name: dirname(manifest), dir, block };
  });

const failures = [];
for (const { name, block } of found) if (!block) failures.push(`${name}: README.md has no \`\`\`ts example`);

const examples = found.filter(({ block }) => block);
const written = examples.map(({ dir, block }) => {
  const file = join(dir, FILE);
  writeFileSync(file, `${block}\nexport {};\n`);
  return file;
});
const config = join(root, "tsconfig.readme.generated.json");
writeFileSync(config, JSON.stringify({ extends: "./tsconfig.json", include: [], files: written }));
try {
  const types = spawnSync("tsc", ["-p", config], { cwd: root, encoding: "utf8" });
  if (types.status !== 0) failures.push(types.stdout);
  for (const { name, dir } of examples) {
    const run = spawnSync(
      process.execPath,
      ["--conditions=@openclaw/source", "--disable-warning=ExperimentalWarning", FILE],
      { cwd: dir, encoding: "utf8", timeout: 60_000 },
    );
    if (run.status !== 0) failures.push(`${name}: example exited with ${run.status ?? run.signal}\n${run.stderr}`);
    else if (run.stdout.trim() === "") failures.push(`${name}: example printed nothing`);
    else console.log(`${name}: ${run.stdout.trim().split("\n")[0].slice(0, 100)}`);
  }
} finally {
  for (const file of [...written, config]) rmSync(file, { force: true });
}
for (const failure of failures) console.error(failure);
console.log(
  failures.length === 0 ? `readme examples: ${examples.length} ok` : `readme examples: ${failures.length} failed`,
);
process.exit(failures.length === 0 ? 0 : 1);
