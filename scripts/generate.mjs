// Runs every package's `generate` module (compiled validators, catalogs) when its inputs changed.
// A package opts in with `scripts/generate.mjs` exporting `inputs` (globs of files) and `generate()`.
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function generate({ force = false } = {}) {
  for (const script of findScripts()) {
    const dir = dirname(dirname(script));
    const { inputs, outputs, generate: run } = await import(pathToFileURL(script).href);
    const stamp = join(dir, "node_modules", ".cache", "openclaw-generate");
    const hash = digest([script, ...inputs.flatMap((pattern) => glob(pattern, dir))]);
    const fresh = existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
    if (fresh && !force && outputs.every((file) => existsSync(join(dir, file)))) continue;
    await run();
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, hash);
  }
}

function findScripts() {
  return glob("{packages,apps,extensions}/*/scripts/generate.mjs", root);
}

/** fs.globSync exists from Node 22; on an older host the install step simply leaves generation to the task. */
function glob(pattern, cwd) {
  return typeof globSync === "function"
    ? globSync(pattern, { cwd })
        .map((file) => join(cwd, file))
        .toSorted()
    : [];
}

function digest(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate({ force: process.argv.includes("--force") });
