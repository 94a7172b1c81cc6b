import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { resolvePaths } from "@openclaw/core/paths";
import { createGatewayClient, type GatewayClient } from "@openclaw/protocol/client";
import { systemClock } from "@openclaw/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openConfiguration } from "../configuration/configuration.ts";
import { startGateway } from "../gateway.ts";
import { channelManifests } from "../manifests/index.ts";
import { skillMethods } from "./skill-methods.ts";

let dir: string;
let client: GatewayClient;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "gateway-skills-"));
  const bin = join(dir, "bin");
  mkdirSync(bin);
  // Stands for npm: notes how it was called, and "installs" the program.
  const npm = `#!/bin/sh\necho "npm $*" >> ${dir}/calls\nprintf '#!/bin/sh\\n' > ${bin}/tool && chmod 755 ${bin}/tool\n`;
  writeFileSync(join(bin, "npm"), npm);
  chmodSync(join(bin, "npm"), 0o755);
  skill(
    "tool",
    `metadata: { openclaw: { emoji: "T", primaryEnv: "TOOL_KEY", requires: { bins: ["tool"], env: ["TOOL_KEY"] }, install: [{ id: "npm", kind: "node", package: "tool", bins: ["tool"] }] } }`,
  );
  writeFileSync(
    join(dir, "openclaw.json"),
    `{ gateway: { mode: "local", auth: { mode: "token", token: "secret-token" }, reload: { mode: "off" } },
       skills: { load: { watch: false }, /* mine */ entries: {} },
       agents: { defaults: { model: "offline/rules", workspace: "${dir}/workspace" } } }`,
  );
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: dir, tmpdir: dir });
  const configuration = await openConfiguration({
    paths,
    env: { PATH: `${bin}:/usr/bin:/bin`, OPENCLAW_SKIP_LOCAL_MODELS: "1" },
    cwd: dir,
    homedir: dir,
    manifests: channelManifests,
    clock: systemClock,
    log: silentLog,
    version: "0.0.0",
  });
  const running = await startGateway({ configuration, log: silentLog, logFile: () => join(dir, "log"), port: 0 });
  closers.push(() => running.stop("stopping"));
  client = createGatewayClient({
    url: `ws://127.0.0.1:${running.port}`,
    token: "secret-token",
    client: { id: "test", mode: "test", version: "0", platform: "test" },
  });
  closers.push(() => client.close());
  await client.connect();
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  rmSync(dir, { recursive: true, force: true });
});

function skill(name: string, lines: string): void {
  mkdirSync(join(dir, "skills", name), { recursive: true });
  writeFileSync(
    join(dir, "skills", name, "SKILL.md"),
    `---\nname: ${name}\ndescription: About ${name}\n${lines}\n---\n`,
  );
}

async function status(name: string) {
  const { skills } = await client.request("skills.status", {});
  return skills.find((row) => row.name === name);
}

test("skills.status tells what is there, what is missing, and what installing would run", async () => {
  const { workspaceDir, managedSkillsDir, skills } = await client.request("skills.status", { agentId: "main" });
  expect([workspaceDir, managedSkillsDir]).toEqual([join(dir, "workspace"), join(dir, "skills")]);
  expect(skills.filter(({ bundled }) => bundled).length).toBeGreaterThanOrEqual(12);
  expect(await status("tool")).toMatchObject({
    source: "openclaw-managed",
    bundled: false,
    skillKey: "tool",
    emoji: "T",
    eligible: false,
    disabled: false,
    blockedByAllowlist: false,
    requirements: { bins: ["tool"], env: ["TOOL_KEY"] },
    missing: { bins: ["tool"], env: ["TOOL_KEY"] },
    install: [
      {
        id: "npm",
        kind: "node",
        bins: ["tool"],
        summary: "Run: npm install --global --ignore-scripts tool",
        possible: true,
      },
    ],
  });
  await expect(client.request("skills.status", { agentId: "nobody" })).rejects.toThrow('unknown agent id "nobody"');
});

test("skills.bins is for nodes; operators are refused", async () => {
  await expect(client.request("skills.bins", {})).rejects.toThrow("unauthorized role");
});

test("skills.install runs what was named, and nothing for a name it does not know", async () => {
  await expect(client.request("skills.install", { name: "none", installId: "npm" })).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: "Skill not found: none",
  });
  await expect(client.request("skills.install", { name: "tool", installId: "x" })).rejects.toThrow(
    "Installer not found: x",
  );
  expect(existsSync(join(dir, "calls"))).toBe(false);
  expect(await client.request("skills.install", { name: "tool", installId: "npm" })).toMatchObject({
    ok: true,
    installId: "npm",
  });
  expect(readFileSync(join(dir, "calls"), "utf8")).toBe("npm install --global --ignore-scripts tool\n");
  expect((await status("tool"))?.missing.bins).toEqual([]);
});

test("skills.update writes the entry, keeps comments, and never says a secret back", async () => {
  const answer = await client.request("skills.update", {
    skillKey: "tool",
    enabled: true,
    apiKey: " canary-key ",
    env: { ZONE: "canary-zone" },
  });
  expect(answer).toMatchObject({ ok: true, skillKey: "tool", config: { enabled: true } });
  expect(JSON.stringify(answer)).not.toContain("canary");
  const text = readFileSync(join(dir, "openclaw.json"), "utf8");
  expect(text).toContain("/* mine */");
  expect(text).toContain('"canary-key"');
  await client.request("skills.update", { skillKey: "tool", apiKey: "", env: { ZONE: "" } });
  expect(readFileSync(join(dir, "openclaw.json"), "utf8")).not.toContain("canary");
  await expect(client.request("skills.update", { skillKey: "../x", enabled: false })).rejects.toThrow(
    "not the key of a skill",
  );
  await expect(client.request("skills.update", { skillKey: "tool", env: { "A=B": "x" } })).rejects.toThrow(
    "not the name of a variable",
  );
});

test("a node is told every program that some skill of some agent needs, in order", async () => {
  const config = (): OpenClawConfig => ({
    agents: { list: [{ id: "main" }, { id: "other", workspace: join(dir, "other") }] },
  });
  mkdirSync(join(dir, "other/skills/own"), { recursive: true });
  const needs = `metadata: { openclaw: { requires: { bins: ["zz-own"], anyBins: ["aa-own"] } } }`;
  writeFileSync(join(dir, "other/skills/own/SKILL.md"), `---\nname: own\ndescription: x\n${needs}\n---\n`);
  const write = () => Promise.reject(new Error("nothing is written"));
  const methods = skillMethods({ config, env: () => ({}), stateDir: dir, configEditor: { write } });
  const answer = (await methods.get("skills.bins")?.({} as never, {} as never)) as { bins: string[] };
  expect(answer.bins).toEqual(answer.bins.toSorted());
  expect(answer.bins).toEqual(expect.arrayContaining(["aa-own", "git", "tool", "zz-own"]));
});
