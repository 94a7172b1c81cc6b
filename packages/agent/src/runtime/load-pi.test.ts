import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadAgentLoop } from "./load-pi.ts";

const root = dirname(fileURLToPath(new URL("../../package.json", import.meta.url)));

/** Files that a fresh process has loaded after running `code`. */
function loaded(code: string): string[] {
  const script = `
    import { registerHooks } from "node:module";
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    ${code}
    console.log(JSON.stringify(seen));`;
  const run = spawnSync(process.execPath, ["--conditions=@openclaw/source", "--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  });
  expect(run.stderr.replaceAll(/.*(ExperimentalWarning|--trace-warnings).*\n/g, "")).toBe("");
  return JSON.parse(run.stdout) as string[];
}

test("importing the package loads nothing of pi, no provider and no library", () => {
  const files = loaded(`await import("@openclaw/agent");`);
  expect(files.filter((file) => file.includes("/node_modules/"))).toEqual([]);
  expect(files.filter((file) => /node:(https?|sqlite)$/.test(file))).toEqual([]);
});

test("the loop is loaded without the rest of pi-agent-core", () => {
  const files = loaded(`
    const { loadAgentLoop } = await import("./src/runtime/load-pi.ts");
    await loadAgentLoop();`);
  expect(files.some((file) => file.endsWith("/pi-agent-core/dist/agent-loop.js"))).toBe(true);
  expect(files.filter((file) => file.includes("/pi-agent-core/dist/harness/"))).toEqual([]);
});

test("the installed pi has the function a turn runs on", async () => {
  const { runAgentLoopContinue } = await loadAgentLoop();
  expect(runAgentLoopContinue).toBeTypeOf("function");
  const version = (createRequire(import.meta.url)("@earendil-works/pi-agent-core/package.json") as { version: string })
    .version;
  expect(version).toBe("0.87.1");
});
