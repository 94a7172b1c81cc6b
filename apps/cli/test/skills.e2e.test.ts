import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Cli, createCli } from "./cli.ts";

let cli: Cli;
let env: Record<string, string>;
beforeEach(() => {
  cli = createCli();
  const bin = join(cli.root, "bin");
  mkdirSync(bin);
  writeFileSync(
    join(bin, "npm"),
    `#!/bin/sh\necho "$*" >> ${cli.root}/calls\nprintf '#!/bin/sh\\n' > ${bin}/tool && chmod 755 ${bin}/tool\n`,
  );
  chmodSync(join(bin, "npm"), 0o755);
  env = { PATH: [bin, process.env.PATH].join(delimiter) };
  skill(
    "tool",
    `metadata: { openclaw: { requires: { bins: ["tool"] }, install: [{ id: "npm", kind: "node", package: "tool", bins: ["tool"] }] } }`,
  );
});
afterEach(() => cli.dispose());

function skill(name: string, lines: string): void {
  mkdirSync(join(cli.stateDir, "skills", name), { recursive: true });
  writeFileSync(
    join(cli.stateDir, "skills", name, "SKILL.md"),
    `---\nname: ${name}\ndescription: About ${name}\n${lines}\n---\n`,
  );
}

test("skills list shows bundled and own ones and whether they can be used, also as JSON", async () => {
  const words = await cli.run(["skills"], { env });
  expect(words.code).toBe(0);
  expect(words.stdout).toMatch(/^tool\tneeds tool\tmanaged\tAbout tool$/m);
  expect(words.stdout).toMatch(/^weather\tready\tbundled\t/m);
  const json = JSON.parse((await cli.run(["skills", "list", "--eligible", "--json"], { env })).stdout) as {
    skills: { name: string }[];
  };
  expect(json.skills.map(({ name }) => name)).toContain("skill-creator");
  expect(json.skills.map(({ name }) => name)).not.toContain("tool");
});

test("skills check says what is missing and how to get it; a broken file is exit code 1", async () => {
  expect(await cli.run(["skills", "check"], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("tool: tool → openclaw skills install tool"),
  });
  skill("broken", "description: [");
  expect(await cli.run(["skills", "check"], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("cannot be used"),
  });
});

test("skills install shows what it would run, and runs it only with --yes", async () => {
  const shown = await cli.run(["skills", "install", "tool"], { env });
  expect(shown).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("npm install --global --ignore-scripts tool"),
    stderr: expect.stringContaining("Nothing was done"),
  });
  expect(existsSync(join(cli.root, "calls"))).toBe(false);
  const done = await cli.run(["skills", "install", "tool", "--yes"], { env });
  expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining("has the programs that it needs") });
  expect(readFileSync(join(cli.root, "calls"), "utf8")).toBe("install --global --ignore-scripts tool\n");
  expect((await cli.run(["skills", "info", "tool"], { env })).stdout).toContain("State\tready");
});

test("a skill that is not there is a mistake of the command line", async () => {
  expect(await cli.run(["skills", "info", "none"], { env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no skill "none"'),
  });
});
