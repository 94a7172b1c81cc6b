import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};

interface Metafile {
  outputs: Record<
    string,
    {
      bytes: number;
      entryPoint?: string;
      inputs: Record<string, unknown>;
      imports: { path: string; kind: string; external?: boolean }[];
    }
  >;
}

let outDir: string;
let outputs: Metafile["outputs"];

beforeAll(async () => {
  outDir = mkdtempSync(join(tmpdir(), "openclaw-bundle-"));
  const tsup = join(dirname(fileURLToPath(import.meta.resolve("tsup"))), "cli-default.js");
  await promisify(execFile)(process.execPath, [tsup, "--out-dir", outDir, "--metafile", "--silent"], { cwd: root });
  outputs = (JSON.parse(readFileSync(join(outDir, "metafile-esm.json"), "utf8")) as Metafile).outputs;
}, 120_000);
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

/** `@scope/name` of an import. */
const packageOf = (path: string) =>
  path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");

/** Sources that are loaded with a file before anything is called. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path, kind, external } of outputs[file]?.imports ?? [])
    if (kind === "import-statement" && !external) loadedWith(path, seen);
  return seen;
}
const sourcesOf = (file: string) => [...loadedWith(file)].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
const outputOf = (source: string) => {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(source));
  if (!found) throw new Error(`nothing is built from ${source}`);
  return found[0];
};

test("everything the bundle asks the machine for is a dependency that npm installs", () => {
  const imported = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external ? [packageOf(path)] : [])),
  );
  // A module that is asked for by name at run time does not show among the imports.
  const required = readdirSync(outDir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) =>
      [...readFileSync(join(outDir, name), "utf8").matchAll(/createRequire\(import\.meta\.url\)\("([^"]+)"\)/g)].map(
        ([, path]) => packageOf(path!),
      ),
    );
  // Optional parts of libraries, which do without them.
  const optional = [
    "bufferutil",
    "utf-8-validate",
    "kerberos",
    "supports-color",
    "sqlite-vec",
    "@lydell/node-pty",
    "@openclaw/control-ui",
  ];
  const missing = [...imported, ...required].filter(
    (name) =>
      !name.startsWith("node:") &&
      !builtinModules.includes(name) &&
      !(name in dependencies) &&
      !optional.includes(name),
  );
  expect([...new Set(missing)]).toEqual([]);
});

test("the version is printed without loading anything", () => {
  expect(sourcesOf(outputOf("src/bin.ts")).map((name) => name.replace(/^.*src\//, ""))).toEqual(["bin.ts"]);
});

/** Releases of Node before the oldest one we run on, where the machine has some. */
const oldNodes = ["/usr/bin/node", "/usr/local/bin/node"].filter((path) => {
  try {
    return Number(execFileSync(path, ["-p", "process.versions.node.split('.')[0]"], { encoding: "utf8" })) < 22;
  } catch {
    return false;
  }
});

type OldNode = readonly [kind: string, program: string, flags: readonly string[]];

/** Tells a program that it runs on Node 18. */
const pretend = [
  "--import",
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.20.0'}})",
];

test.each([
  ["pretended", process.execPath, pretend],
  ...oldNodes.map((path): OldNode => ["real", path, []]),
] as OldNode[])("an old Node (%s) is told which one is needed and how to come by it", (_kind, program, flags) => {
  for (const args of [["--version"], ["gateway"], ["health", "--json"]]) {
    const { status, stdout, stderr } = spawnSync(program, [...flags, join(outDir, "bin.js"), ...args], {
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^openclaw needs Node 22 or newer; this is Node (18|20|21)\.[\d.]+\.$/),
      expect.stringContaining("npx -y -p node@22 -p openclaw openclaw"),
    ]);
  }
});

test("asking for health loads neither the gateway, nor validators, nor Unicode tables", () => {
  const sources = [
    ...sourcesOf(outputOf("src/commands/health.ts")),
    ...sourcesOf(outputOf("src/command-line/run-command-line.ts")),
  ];
  expect(
    sources.filter((name) =>
      /gateway\/src\/(gateway|server)|packages\/agent|generated\/validate|ajv|marked|string-width\/|hono|undici/.test(
        name,
      ),
    ),
  ).toEqual([]);
  expect(sources.length).toBeGreaterThan(20);
});
