// Packs every publishable package, checks each with publint, installs all of them with plain npm into an empty prefix
// and imports every entry, then installs the application alone and runs its command as a user would.
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "openclaw-pack-"));
const keep = process.argv.includes("--keep");
const failures = [];
const check = (condition, message) => condition || failures.push(message);

try {
  const tarballs = join(work, "tarballs");
  mkdirSync(tarballs);
  execFileSync(
    "pnpm",
    [
      "-r",
      "--filter",
      "./packages/*",
      "--filter",
      "./apps/*",
      "--filter",
      "./extensions/*",
      "pack",
      "--pack-destination",
      tarballs,
    ],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  );
  const files = readdirSync(tarballs)
    .toSorted()
    .map((file) => join(tarballs, file));
  console.log(`packed ${files.length} packages`);

  for (const file of files) {
    const list = execFileSync("tar", ["-tzf", file], { encoding: "utf8" });
    check(/package\/dist\//.test(list), `${file}: no dist in the tarball`);
    check(!/\.test\.|\/fixtures\//.test(list), `${file}: tests in the tarball`);
    check(/package\/README\.md/i.test(list), `${file}: no README in the tarball`);
    const lint = spawnSync("publint", [file, "--strict"], { cwd: root, encoding: "utf8" });
    check(lint.status === 0, `publint ${file}\n${lint.stdout}${lint.stderr}`);
  }

  const app = join(work, "app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const npm =
    process.env.npm_node_execpath && existsSync(join(dirname(process.env.npm_node_execpath), "npm"))
      ? join(dirname(process.env.npm_node_execpath), "npm")
      : "npm";
  execFileSync(npm, ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", ...files], {
    cwd: app,
    stdio: ["ignore", "ignore", "inherit"],
  });

  for (const file of globSync("{packages,extensions}/*/package.json", { cwd: root })) {
    const { name, exports = {}, publishConfig = {} } = JSON.parse(readFileSync(join(root, file), "utf8"));
    for (const path of Object.keys(publishConfig.exports ?? exports).filter(
      (entry) => entry !== "./package.json" && !entry.includes("conformance"),
    )) {
      const specifier = join(name, path);
      const run = spawnSync(
        process.execPath,
        [
          "--disable-warning=ExperimentalWarning",
          "--input-type=module",
          "-e",
          `await import(${JSON.stringify(specifier)}${path.endsWith(".json") ? `,{with:{type:"json"}}` : ""})`,
        ],
        { cwd: app, encoding: "utf8" },
      );
      check(run.status === 0, `import ${specifier} from the installed package\n${run.stderr}`);
    }
  }

  // A user installs the application alone: the libraries are in its bundle.
  const user = join(work, "user");
  mkdirSync(user);
  writeFileSync(join(user, "package.json"), JSON.stringify({ private: true }));
  const application = files.filter((file) => /\/openclaw-(?:control-ui-)?\d/.test(file));
  execFileSync(npm, ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", ...application], {
    cwd: user,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const bin = join(user, "node_modules", ".bin", "openclaw");
  const state = join(work, "state");
  const env = { ...process.env, HOME: join(work, "home"), OPENCLAW_STATE_DIR: state, NODE_OPTIONS: "" };
  mkdirSync(env.HOME);
  const cli = (...args) =>
    spawnSync(process.execPath, [bin, ...args], { cwd: work, env, encoding: "utf8", timeout: 60_000 });
  const { version } = JSON.parse(readFileSync(join(root, "apps/cli/package.json"), "utf8"));
  check(cli("--version").stdout.includes(version), "openclaw --version does not print the version");
  check(cli("--help").status === 0, "openclaw --help fails");
  const setup = cli("setup");
  check(setup.status === 0, `openclaw setup fails\n${setup.stdout}${setup.stderr}`);
  check(existsSync(join(state, "openclaw.json")), "openclaw setup wrote no configuration into the state directory");
  check(
    readdirSync(env.HOME).length === 0,
    `openclaw wrote into the home directory: ${readdirSync(env.HOME).join(", ")}`,
  );
  const size = Number(execFileSync("du", ["-sm", join(user, "node_modules")], { encoding: "utf8" }).split("\t")[0]);
  console.log(`openclaw installed: ${size} MB`);
  check(size <= 150, `openclaw takes ${size} MB installed, more than 150 MB`);
  if (keep) cpSync(app, join(root, "node_modules", ".cache", "pack-check"), { recursive: true });
} finally {
  rmSync(work, { recursive: true, force: true });
}

for (const failure of failures) console.error(failure);
console.log(failures.length === 0 ? "pack-check: ok" : `pack-check: ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
