import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../load.ts";
import type { ConfigEdit } from "../source/edit.ts";
import { planEdits, type PlanOptions, writePlan } from "./plan.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "openclaw-plan-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const load = () => loadConfig({ env: {}, cwd: dir, homedir: dir, stateDir: dir, manifests: [] });

/** Files and their new texts after one edit of what `files` hold. */
async function plan(
  files: Record<string, string>,
  edits: ConfigEdit[],
  options: Partial<PlanOptions> = {},
): Promise<Record<string, string>> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const planned = planEdits(await load(), edits, { homedir: dir, ...options });
  return Object.fromEntries(planned.map(({ path, text }) => [path.slice(dir.length + 1), text]));
}

test("a value of an included file is changed there", async () => {
  const files = { "openclaw.json": '{ gateway: { $include: "./g.json5" } }', "g.json5": "{ port: 1 } // mine\n" };
  expect(await plan(files, [{ path: ["gateway", "port"], value: 2 }])).toEqual({ "g.json5": "{ port: 2 } // mine\n" });
  expect(await plan(files, [{ path: ["gateway", "bind"], value: "lan" }])).toEqual({
    "g.json5": '{ port: 1, bind: "lan" } // mine\n',
  });
  expect(await plan(files, [{ path: ["ui"], value: {} }])).toEqual({
    "openclaw.json": '{ gateway: { $include: "./g.json5" }, ui: {} }',
  });
});

test("a key beside $include is changed where it stands", async () => {
  const files = { "openclaw.json": '{ gateway: { $include: "./g.json5", port: 1 } }', "g.json5": "{ port: 3 }" };
  expect(await plan(files, [{ path: ["gateway", "port"], value: 2 }])).toEqual({
    "openclaw.json": '{ gateway: { $include: "./g.json5", port: 2 } }',
  });
});

test("of several files the one that holds the key is changed", async () => {
  const files = {
    "openclaw.json": '{ gateway: { $include: ["./a.json5", "./b.json5"] } }',
    "a.json5": "{ port: 3 }",
    "b.json5": '{ bind: "lan" }',
  };
  expect(await plan(files, [{ path: ["gateway", "port"], value: 2 }])).toEqual({ "a.json5": "{ port: 2 }" });
});

describe("a change is refused, naming the files, when it is not certain which is meant", () => {
  const files = {
    "openclaw.json": '{ gateway: { $include: ["./a.json5", "./b.json5"] } }',
    "a.json5": "{ port: 3 }",
    "b.json5": "{ port: 4 }",
  };
  test.each([
    ["a key that several hold", ["gateway", "port"]],
    ["a key that none holds", ["gateway", "bind"]],
    ["the whole section", ["gateway"]],
  ])("%s", async (_name, path) => {
    await expect(plan(files, [{ path, value: 1 }])).rejects.toMatchObject({
      code: "CONFIG_INCLUDED",
      message: expect.stringMatching(/a\.json5 and .*b\.json5/) as string,
    });
  });
});

test("a change of an older spelling becomes the canonical one", async () => {
  expect(
    await plan({ "openclaw.json": "{\n  agent: { workspace: '~/a', model: 'x/y' },\n}" }, [
      { path: ["agents", "defaults", "workspace"], value: "~/b" },
    ]),
  ).toEqual({
    "openclaw.json": "{\n  agent: { model: 'x/y' },\n  agents: { defaults: { workspace: '~/b' } },\n}",
  });
});

test("stamps the file only when something changed", async () => {
  const stamp = { version: "1.2.3", now: Date.parse("2026-01-02T03:04:05Z") };
  expect(await plan({ "openclaw.json": "{ ui: {} }" }, [{ path: ["ui"], value: {} }], { stamp })).toEqual({});
  const { "openclaw.json": text } = await plan({ "openclaw.json": "{}" }, [{ path: ["ui"], value: {} }], { stamp });
  expect(text).toContain("1.2.3");
  expect(text).toContain("2026-01-02T03:04:05.000Z");
});

test("a file that does not exist yet is made", async () => {
  const planned = planEdits(await load(), [{ path: ["gateway", "mode"], value: "local" }], { homedir: dir });
  writePlan(planned);
  expect((await load()).config.gateway?.mode).toBe("local");
});

test("when one of the files changed meanwhile, none is written", async () => {
  writeFileSync(join(dir, "openclaw.json"), '{ gateway: { $include: "./g.json5" }, ui: {} }');
  writeFileSync(join(dir, "g.json5"), "{ port: 1 }");
  const planned = planEdits(
    await load(),
    [
      { path: ["ui", "seamColor"], value: "#FF4500" },
      { path: ["gateway", "port"], value: 2 },
    ],
    { homedir: dir },
  );
  writeFileSync(join(dir, "g.json5"), "{ port: 9 }");
  expect(() => writePlan(planned)).toThrow(expect.objectContaining({ code: "CONFIG_CHANGED" }));
  expect(readFileSync(join(dir, "openclaw.json"), "utf8")).toContain("ui: {}");
});
