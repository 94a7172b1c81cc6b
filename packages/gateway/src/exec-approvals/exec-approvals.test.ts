import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { resolvePaths } from "@openclaw/core/paths";
import { createGatewayClient, type GatewayClient } from "@openclaw/protocol/client";
import { type ScriptedLlm, callTool, say, startScriptedLlm } from "@openclaw/testkit/llm";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixedConfiguration } from "../../test/fixed-configuration.ts";
import { type RunningGateway, startGateway } from "../gateway.ts";

const ADA = 7001;
const BOB = 7002;
let dir: string;
let llm: ScriptedLlm;
let telegram: TelegramEmulator;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "approvals-"));
  [llm, telegram] = await Promise.all([startScriptedLlm(), startTelegramEmulator({ privacyMode: false })]);
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await Promise.all([llm.close(), telegram.close()]);
  rmSync(dir, { recursive: true, force: true });
});

async function start(config: Record<string, unknown> = {}): Promise<RunningGateway> {
  const whole = {
    gateway: { mode: "local", auth: { mode: "token", token: "secret-token" } },
    agents: {
      defaults: { model: { primary: "scripted/scripted" }, workspace: join(dir, "workspace"), skipBootstrap: true },
    },
    models: {
      providers: {
        scripted: {
          baseUrl: llm.baseUrl["openai-completions"],
          apiKey: "none",
          api: "openai-completions",
          models: [{ id: "scripted", name: "Scripted" }],
        },
      },
    },
    channels: {
      telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot, dmPolicy: "allowlist", allowFrom: [ADA, BOB] },
    },
    tools: { exec: { host: "gateway" } },
    ...config,
  };
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: join(dir, "home"), tmpdir: dir });
  const env = { OPENCLAW_SKIP_LOCAL_MODELS: "1", PATH: process.env["PATH"] ?? "" };
  const gateway = await startGateway({
    configuration: fixedConfiguration(whole, paths, env),
    log: silentLog,
    logFile: () => join(dir, "log"),
    port: 0,
  });
  closers.push(() => gateway.stop("stopping", { drainMs: 0 }));
  await gateway.channelsReady;
  return gateway;
}

async function connect({ port }: RunningGateway, scopes?: string[]): Promise<GatewayClient> {
  const client = createGatewayClient({
    url: `ws://127.0.0.1:${port}`,
    token: "secret-token",
    client: { id: "test", displayName: "Ada's desk", mode: "test", version: "0", platform: "test" },
    ...(scopes ? { scopes } : {}),
  });
  closers.push(() => client.close());
  await client.connect();
  return client;
}

const textOf = ({ params }: { params: unknown }) => String((params as { text?: unknown }).text);
const sent = async (answer: RegExp) =>
  textOf(await telegram.waitFor("sendMessage", (call) => answer.test(textOf(call))));

test("a command asks its chat, somebody there approves, and the result comes back by itself", async () => {
  await start({
    commands: { ownerAllowFrom: ["telegram:1"] },
    approvals: { exec: { enabled: true } },
    tools: { exec: { host: "gateway" }, elevated: { enabled: true, allowFrom: { telegram: [ADA] } } },
  });
  llm.enqueue(callTool("exec", { command: "touch made && echo done" }), say("I asked."), say("It is made."));
  telegram.inject.dm({ from: ADA, text: "make it" });
  const notice = await sent(/waits for approval/);
  const slug = /\(([0-9a-f]{8}), 120 s\)/.exec(notice)?.[1];
  expect(notice).toContain("<pre>touch made &amp;&amp; echo done</pre>");
  await sent(/^I asked\.$/);
  expect(() => statSync(join(dir, "workspace/made"))).toThrow(/ENOENT/);

  telegram.inject.dm({ from: BOB, text: `/approve ${slug} allow-once` });
  await sent(/may approve commands/);
  telegram.inject.dm({ from: ADA, text: `/approve ${slug} sometimes` });
  await sent(/^Use \/approve/);
  telegram.inject.dm({ from: ADA, text: `/approve ${slug} allow-once` });
  await sent(/^Approved once/);
  await sent(/^It is made\.$/);
  expect(statSync(join(dir, "workspace/made")).isFile()).toBe(true);
  expect(llm.calls().at(-1)?.lastUserText).toContain(`Exec finished (gateway id=${slug}, code 0) :: done`);
  telegram.inject.dm({ from: ADA, text: `/approve ${slug} deny` });
  await sent(/Nothing waits under/);
});

test("nobody connected and no chat named: refused at once with the reason, not after silence", async () => {
  await start();
  llm.enqueue(callTool("exec", { command: "touch made" }), say("refused"));
  telegram.inject.dm({ from: ADA, text: "make it" });
  await sent(/^refused$/);
  expect(llm.calls()[1]?.toolResults[0]?.text).toMatch(/touch is not in the allowlist, and nobody can be asked now/);
});

test("clients with the scope are asked and decide; others neither hear nor may", async () => {
  const gateway = await start();
  const [approver, reader] = await Promise.all([
    connect(gateway, ["operator.approvals"]),
    connect(gateway, ["operator.read"]),
  ]);
  const heard: string[] = [];
  reader.on("exec.approval.requested", () => heard.push("reader"));
  const asked = new Promise<{ id: string; request: { command: string } }>((resolve) =>
    approver.on("exec.approval.requested", resolve),
  );
  const resolved = new Promise<unknown>((resolve) => approver.on("exec.approval.resolved", resolve));
  llm.enqueue(callTool("exec", { command: "echo from-desk" }), say("asked"), say("done"));
  telegram.inject.dm({ from: ADA, text: "go" });
  const { id, request } = await asked;
  expect(request).toMatchObject({
    command: "echo from-desk",
    host: "gateway",
    security: "allowlist",
    ask: "on-miss",
    agentId: "main",
  });
  await expect(reader.request("exec.approval.resolve", { id, decision: "allow-once" })).rejects.toThrow(
    /missing scope: operator.approvals/,
  );
  await expect(approver.request("exec.approval.resolve", { id, decision: "perhaps" })).rejects.toThrow(
    "invalid decision",
  );
  await sent(/^asked$/);
  expect(await approver.request("exec.approval.resolve", { id, decision: "allow-always" })).toEqual({ ok: true });
  expect(await resolved).toMatchObject({ id, decision: "allow-always", resolvedBy: "Ada's desk" });
  await sent(/^done$/);
  const file = JSON.parse(readFileSync(join(dir, "exec-approvals.json"), "utf8")) as {
    agents: { main: { allowlist: { pattern: string }[] } };
  };
  expect(file.agents.main.allowlist[0]?.pattern).toMatch(/\/bin\/echo$/);
  expect(heard).toEqual([]);
});

test("exec.approval.request blocks until somebody decides or time is up", async () => {
  const gateway = await start();
  const client = await connect(gateway);
  client.on(
    "exec.approval.requested",
    ({ id }: { id: string }) => void client.request("exec.approval.resolve", { id, decision: "deny" }),
  );
  const answer = await client.request("exec.approval.request", { command: "ls", id: "mine", timeoutMs: 60_000 });
  expect(answer).toMatchObject({ id: "mine", decision: "deny" });
  const other = await connect(await startSecond());
  expect(await other.request("exec.approval.request", { command: "ls", timeoutMs: 30 })).toMatchObject({
    decision: null,
  });

  async function startSecond(): Promise<RunningGateway> {
    await gateway.stop("stopping", { drainMs: 0 });
    return start();
  }
});

test("exec.approvals.get hides the token, set keeps it and needs the hash of what was read", async () => {
  const client = await connect(await start());
  const empty = await client.request("exec.approvals.get", {});
  expect(empty).toMatchObject({ path: join(dir, "exec-approvals.json"), exists: false, file: { version: 1 } });
  const file = {
    version: 1 as const,
    defaults: { security: "allowlist" },
    agents: { main: { allowlist: [{ pattern: "/usr/bin/git" }] } },
  };
  const first = await client.request("exec.approvals.set", { file });
  expect(first).toMatchObject({
    exists: true,
    file: { defaults: { security: "allowlist" }, agents: { main: { allowlist: [{ pattern: "/usr/bin/git" }] } } },
  });
  const stored = () =>
    JSON.parse(readFileSync(join(dir, "exec-approvals.json"), "utf8")) as { socket: { path: string; token: string } };
  const { token } = stored().socket;
  expect(token).toMatch(/^[\w-]{32}$/);
  expect(JSON.stringify(first)).not.toContain(token);
  expect(statSync(join(dir, "exec-approvals.json")).mode & 0o777).toBe(0o600);
  await expect(client.request("exec.approvals.set", { file })).rejects.toThrow(
    "exec approvals base hash required; re-run exec.approvals.get and retry",
  );
  await expect(client.request("exec.approvals.set", { file, baseHash: "0" })).rejects.toThrow(
    /exec approvals changed since last load/,
  );
  await client.request("exec.approvals.set", { file: { version: 1, defaults: {} }, baseHash: first.hash });
  expect(stored().socket.token).toBe(token);
  writeFileSync(join(dir, "exec-approvals.json"), "{");
  await expect(client.request("exec.approvals.get", {})).rejects.toThrow(/cannot be used/);
});
