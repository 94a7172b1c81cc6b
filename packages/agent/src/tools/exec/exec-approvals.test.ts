import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import type { ToolContext } from "@openclaw/plugin-sdk/tool";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createExecRig, type ExecRig, type ExecRigOptions } from "../../../test/exec-rig.ts";
import type { ExecApprovalRequest, ExecDecision } from "../../approvals/types.ts";
import type { ExecParams } from "./exec.ts";

let root: string;
let workspace: string;
let rig: ExecRig;
/** Questions that were asked, and how to answer the newest. */
let asked: ExecApprovalRequest[];
let answer: (decision: ExecDecision | null) => void;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "asking-")));
  workspace = join(root, "workspace");
  mkdirSync(workspace);
  tool("deploy", "echo deployed $1");
  tool("other", "echo other");
  asked = [];
});
afterEach(() => {
  rig?.registry.close();
  rmSync(root, { recursive: true, force: true });
});

function tool(name: string, body: string): void {
  writeFileSync(join(workspace, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(workspace, name), 0o755);
}

function setUp(
  exec: object = { host: "gateway" },
  options: Partial<ExecRigOptions> & { reachable?: boolean } = {},
): void {
  const { reachable = true, ...rest } = options;
  rig = createExecRig({
    stateDir: root,
    workspace,
    config: { tools: { exec } },
    approver: {
      canAsk: () => reachable,
      ask(request) {
        asked.push(request);
        return new Promise((resolve) => (answer = resolve));
      },
    },
    ...rest,
  });
}

const context = {
  sessionKey: "agent:main:main",
  agentId: "main",
  signal: new AbortController().signal,
  log: silentLog,
  update() {},
} as unknown as ToolContext;
async function run(params: ExecParams | string) {
  const result = await rig.exec.execute(typeof params === "string" ? { command: params } : params, context);
  const [first] = result.content;
  return { text: first?.type === "text" ? first.text : "", details: result.details as Record<string, unknown> };
}
const outcome = (params: ExecParams | string) =>
  run(params).then(
    ({ text, details }) => (details["status"] === "approval-pending" ? "asked" : text),
    (error: { code: string }) => error.code,
  );
const told = () => expect.poll(() => rig.events.at(-1) ?? "", { timeout: 3000, interval: 10 });
const save = (file: object) =>
  writeFileSync(join(root, "exec-approvals.json"), JSON.stringify({ version: 1, ...file }));

test("a command that is not allowed waits, runs after a yes, and its result is told", async () => {
  setUp();
  const { text, details } = await run("./deploy now");
  expect(text).toMatch(
    /waits for a person's approval \(id [0-9a-f]{8}, 120 seconds\): .*deploy is not in the allowlist/,
  );
  expect(asked).toMatchObject([
    {
      command: "./deploy now",
      cwd: workspace,
      host: "gateway",
      security: "allowlist",
      ask: "on-miss",
      agentId: "main",
      sessionKey: "agent:main:main",
      resolvedPath: join(workspace, "deploy"),
      timeoutMs: 120_000,
    },
  ]);
  expect(details).toMatchObject({
    status: "approval-pending",
    approvalId: asked[0]?.id,
    approvalSlug: asked[0]?.id.slice(0, 8),
  });
  answer("allow-once");
  await told().toBe(`Exec finished (gateway id=${asked[0]?.id.slice(0, 8)}, code 0) :: deployed now`);
  expect(await outcome("./deploy now")).toBe("asked");
});

test("a no and silence run nothing and say so", async () => {
  setUp();
  await run("./deploy && touch ran");
  answer("deny");
  await told().toMatch(/^Exec denied \(gateway id=.{8}, a person refused it\): \.\/deploy && touch ran$/);
  await run("./deploy; touch ran");
  answer(null);
  await told().toMatch(/nobody answered in time/);
  expect(() => statSync(join(workspace, "ran"))).toThrow(/ENOENT/);
});

test("allow-always remembers each program of the command, but none that can run anything", async () => {
  setUp();
  await run("./deploy a | ./other");
  answer("allow-always");
  await told().toMatch(/code 0/);
  expect(rig.store.read().file.agents?.["main"]?.allowlist).toMatchObject([
    { pattern: join(workspace, "deploy"), lastUsedCommand: "./deploy a | ./other" },
    { pattern: join(workspace, "other") },
  ]);
  expect(statSync(join(root, "exec-approvals.json")).mode & 0o777).toBe(0o600);
  expect(await outcome("./other && ./deploy b")).toBe("other\ndeployed b");
  expect(rig.store.read().file.agents?.["main"]?.allowlist?.[0]?.lastUsedCommand).toBe("./other && ./deploy b");
  await run("sh -c 'echo x'");
  answer("allow-always");
  await told().toMatch(/:: x Not remembered: it can run anything\.$/);
  expect(await outcome("sh -c 'echo y'")).toBe("asked");
});

test("what was approved and then exchanged is not run", async () => {
  setUp();
  await run("./deploy");
  tool("deploy", "echo stolen >stolen");
  answer("allow-once");
  await told().toMatch(/the command's files changed while it waited/);
  await run("sh ./script.sh");
  answer("allow-once");
  await told().toMatch(/Exec finished .*code (?:2|127)/);
  writeFileSync(join(workspace, "script.sh"), "echo good");
  await run("sh ./script.sh");
  writeFileSync(join(workspace, "script.sh"), "echo evil");
  answer("allow-always");
  await told().toMatch(/changed while it waited/);
  await run({ command: "./deploy", workdir: "." });
  rmSync(join(workspace, "deploy"));
  mkdirSync(join(root, "elsewhere"));
  answer("allow-once");
  await told().toMatch(/changed while it waited/);
  expect(() => readFileSync(join(workspace, "stolen"))).toThrow(/ENOENT/);
});

test("a policy that was tightened while a question waited holds", async () => {
  setUp();
  await run("./deploy");
  save({ defaults: { security: "deny" } });
  answer("allow-once");
  await told().toMatch(/security is deny by now/);
});

test("nobody to ask: the fallback decides at once, there is no silent wait", async () => {
  setUp(undefined, { reachable: false });
  await expect(run("./deploy")).rejects.toThrow(/not in the allowlist, and nobody can be asked now/);
  save({ defaults: { askFallback: "full" } });
  expect(await outcome("./deploy $((1+1))")).toBe("deployed 2");
  save({
    defaults: { askFallback: "allowlist", ask: "always" },
    agents: { main: { allowlist: [{ pattern: `${workspace}/deploy` }] } },
  });
  expect(await outcome("./deploy x")).toBe("deployed x");
  expect(await outcome("./other")).toBe("EXEC_DENIED");
  expect(asked).toEqual([]);
});

test("the stricter of file, configuration and call holds", async () => {
  setUp({ host: "gateway", security: "full", ask: "off" });
  expect(await outcome("./deploy")).toBe("deployed");
  expect(await outcome({ command: "./deploy", security: "deny" })).toBe("EXEC_DENIED");
  expect(await outcome({ command: "./deploy", ask: "always" })).toBe("asked");
  expect(await outcome({ command: "./deploy", security: "allowlist" })).toBe("EXEC_DENIED");
  save({ agents: { "*": { security: "allowlist", ask: "on-miss" } } });
  expect(await outcome("./deploy")).toBe("asked");
  save({ defaults: { security: "full" }, agents: { main: { security: "deny" } } });
  expect(await outcome("./deploy")).toBe("EXEC_DENIED");
  setUp({ host: "gateway", security: "deny" });
  save({ defaults: { security: "full" } });
  expect(await outcome({ command: "./deploy", security: "full" })).toBe("EXEC_DENIED");
});

test("without a sandbox a command runs unasked, unless a policy has been stated", async () => {
  setUp({});
  expect(await outcome("./deploy")).toBe("deployed");
  expect(await outcome({ command: "./deploy", host: "gateway" })).toBe("EXEC_HOST");
  save({ defaults: { security: "allowlist" } });
  expect(await outcome("./deploy")).toBe("asked");
  save({});
  setUp({ ask: "always" });
  expect(await outcome("./deploy")).toBe("asked");
  setUp({ security: "deny" });
  expect(await outcome("./deploy")).toBe("EXEC_DENIED");
  setUp({}, { access: { elevated: { level: "on" } } });
  expect(await outcome("./deploy")).toBe("asked");
  setUp({ host: "node" });
  expect(await outcome("./deploy")).toBe("EXEC_NODE");
});

test("variables of the call make an allowed program another one: somebody is asked, and sees them", async () => {
  setUp();
  save({ agents: { main: { allowlist: [`${workspace}/deploy`] } } });
  expect(await outcome("./deploy")).toBe("deployed");
  expect(await outcome({ command: "./deploy", env: { PAGER: "evil \u001b[2K" } })).toBe("asked");
  expect(asked[0]?.command).toBe("PAGER=evil \\u{1b}[2K ./deploy");
});

test("a file that cannot be read stops every command on the host", async () => {
  setUp({});
  writeFileSync(join(root, "exec-approvals.json"), "{ broken");
  expect(await outcome("./deploy")).toBe("EXEC_APPROVALS_FILE");
  save({ version: 2 });
  expect(await outcome("./deploy")).toBe("EXEC_APPROVALS_FILE");
});

test("an approved command that takes long is announced, and process knows it", async () => {
  setUp({ host: "gateway", approvalRunningNoticeMs: 50 });
  await run("./deploy; sleep 20");
  answer("allow-once");
  await told().toMatch(/^Exec running \(gateway id=.{8}, session=\S+\): \.\/deploy; sleep 20$/);
  const { content } = await rig.process.execute({ action: "list" }, context);
  expect(JSON.stringify(content)).toContain("running");
});

test("a question that outlives its agent is answered with a reason, not with silence", async () => {
  setUp();
  await run("./deploy");
  rig.guard.close();
  answer("allow-once");
  await told().toMatch(/^Exec denied .*while it waited; ask again\): \.\/deploy$/);
});
