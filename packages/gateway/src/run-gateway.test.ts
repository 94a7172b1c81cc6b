import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog, systemClock } from "@openclaw/core";
import { resolvePaths } from "@openclaw/core/paths";
import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import { type ScriptedLlm, startScriptedLlm } from "@openclaw/testkit/llm";
import { startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openConfiguration } from "./configuration/configuration.ts";
import { channelManifests } from "./manifests/index.ts";
import { type GatewayRun, runGateway } from "./run-gateway.ts";

let dir: string;
let file: string;
let llm: ScriptedLlm;
let starts: number;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "run-gateway-"));
  file = join(dir, "openclaw.json");
  llm = await startScriptedLlm();
  starts = 0;
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await llm.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A configuration with comments, as a person writes it. */
function write(more: Record<string, unknown> = {}): void {
  const provider = {
    baseUrl: llm.baseUrl["openai-completions"],
    apiKey: "sk-model-secret",
    api: "openai-completions",
    models: [{ id: "scripted", name: "Scripted" }],
  };
  const rest = JSON.stringify({ models: { providers: { scripted: provider } }, ...more }).slice(1);
  writeFileSync(
    file,
    `// my gateway
{
  gateway: { mode: 'local', auth: { mode: "token", token: "secret-token" }, reload: { debounceMs: 10 } },
  agents: { defaults: { model: { primary: "scripted/scripted" }, skipBootstrap: true } }, // the model
  ${rest}`,
    { mode: 0o600 },
  );
}

async function run(): Promise<GatewayRun> {
  const configuration = await openConfiguration({
    paths: resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: dir, tmpdir: dir }),
    env: { OPENCLAW_SKIP_LOCAL_MODELS: "1" },
    cwd: dir,
    homedir: dir,
    manifests: channelManifests,
    clock: systemClock,
    log: silentLog,
    version: "0.0.0",
  });
  const gateway = await runGateway({
    configuration,
    log: silentLog,
    logFile: () => join(dir, "log"),
    port: 0,
    started: () => starts++,
  });
  closers.push(() => gateway.stop());
  await gateway.current().channelsReady;
  return gateway;
}

async function connect(gateway: GatewayRun): Promise<GatewayClient> {
  const client = createGatewayClient({
    url: `ws://127.0.0.1:${gateway.current().port}`,
    token: "secret-token",
    client: { id: "test", mode: "test", version: "0", platform: "test" },
  });
  closers.push(() => client.close());
  await client.connect();
  return client;
}

const config = (client: GatewayClient) =>
  client.request("config.get", {}) as Promise<{ raw: string; hash: string; config: Record<string, unknown> }>;
const health = async (client: GatewayClient) =>
  ((await client.request("health", {})) as { config?: { state: string; problems?: string[] } }).config;

test("the file as others see it holds no secret, and written back it is the same file", async () => {
  write();
  const client = await connect(await run());
  const before = readFileSync(file, "utf8");
  const { raw, hash } = await config(client);
  expect(raw).not.toMatch(/secret-token|sk-model-secret/);
  await client.request("config.set", { raw, baseHash: hash });
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("a change that needs no restart is taken over while the gateway runs", async () => {
  write();
  const client = await connect(await run());
  const { raw, hash } = await config(client);
  await client.request("config.set", {
    raw: raw.replace(/}\s*$/, ', ui: { assistant: { name: "Clawd" } } }'),
    baseHash: hash,
  });
  await vi.waitFor(async () =>
    expect((await config(client)).config).toMatchObject({ ui: { assistant: { name: "Clawd" } } }),
  );
  expect(starts).toBe(1);
});

test("a patch keeps comments, restarts the gateway in its place and tells the session that asked", async () => {
  write();
  const gateway = await run();
  const client = await connect(gateway);
  const { hash } = await config(client);
  const result = await client.request("config.patch", {
    raw: '{ gateway: { trustedProxies: ["10.0.0.1"] } }',
    baseHash: hash,
    note: "proxy added",
    restartDelayMs: 0,
  });
  expect(result).toMatchObject({
    ok: true,
    restart: { ok: true, reason: "config.patch" },
    sentinel: { payload: { kind: "config-apply", message: "proxy added" } },
  });
  expect(JSON.stringify(result)).not.toContain("secret-token");
  await vi.waitFor(() => expect(starts).toBe(2), { timeout: 10_000 });
  const text = readFileSync(file, "utf8");
  expect(text).toContain("// my gateway");
  expect(text).toContain("mode: 'local'");
  expect(text).toContain("10.0.0.1");
  const again = await connect(gateway);
  const { queuedSystemEvents } = (await again.request("status", {})) as { queuedSystemEvents: string[] };
  expect(queuedSystemEvents.join()).toContain("proxy added");
});

test("a writer that has not seen the newest file, or writes nonsense, is refused with the reason", async () => {
  write();
  const client = await connect(await run());
  const { hash } = await config(client);
  const patch = (raw: string, baseHash?: string) =>
    client.request("config.patch", { raw, ...(baseHash ? { baseHash } : {}) });
  await expect(patch("{}")).rejects.toMatchObject({
    message: "config base hash required; re-run config.get and retry",
  });
  await expect(patch("{}", "0".repeat(64))).rejects.toMatchObject({
    message: "config changed since last load; re-run config.get and retry",
  });
  await expect(patch("{", hash)).rejects.toMatchObject({
    message: expect.stringMatching(/^SyntaxError: JSON5: /) as string,
  });
  await expect(patch("[]", hash)).rejects.toMatchObject({ message: "config.patch raw must be an object" });
  await expect(patch("{ gateway: { prot: 1 } }", hash)).rejects.toMatchObject({
    message: "invalid config",
    details: { issues: [expect.objectContaining({ path: "gateway.prot" })] },
  });
  expect(await config(client)).toMatchObject({ hash });
});

test("a configuration with which the gateway does not start gives way to the last good one", async () => {
  write();
  const gateway = await run();
  write({ web: {} });
  writeFileSync(file, readFileSync(file, "utf8").replace("mode: 'local'", "mode: 'local', bind: 'tailnet'"));
  await vi.waitFor(() => expect(starts).toBe(2), { timeout: 10_000 });
  const client = await connect(gateway);
  expect(await health(client)).toMatchObject({ state: "degraded", problems: [expect.stringContaining("tailnet")] });
  write();
  await vi.waitFor(async () => expect((await health(client))?.state).toBe("ok"), { timeout: 10_000 });
});

test("two hundred edits, good and bad, while people write: nothing is lost", async () => {
  const telegram = await startTelegramEmulator();
  closers.push(() => telegram.close());
  const channels = {
    telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot, dmPolicy: "open", allowFrom: ["*"] },
  };
  const common = {
    channels,
    session: { dmScope: "per-channel-peer" },
    messages: { queue: { cap: 1_000, debounceMs: 0 } },
  };
  write(common);
  await run();
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let edit = 0; edit < 200; edit++) {
    if (edit % 4 === 0) telegram.inject.dm({ from: 100 + (edit % 5), text: `mark${edit}.` });
    const kind = Math.floor(random() * 4);
    if (kind === 0) write({ ...common, ui: { seamColor: edit % 2 ? "#FF4500" : "#00FF00" } });
    else if (kind === 1)
      write({ ...common, channels: { telegram: { ...channels.telegram, historyLimit: edit % 50 } } });
    else if (kind === 2) write({ ...common, nonsense: edit });
    else writeFileSync(file, readFileSync(file, "utf8").slice(0, Math.floor(random() * 400)));
    await new Promise((resolve) => setTimeout(resolve, random() * 20));
  }
  write(common);
  const answers = (edit: number) =>
    telegram.messages(100 + (edit % 5)).filter(({ fromBot, text }) => fromBot && text.includes(`mark${edit}.`)).length;
  const marks = Array.from({ length: 50 }, (_, index) => index * 4);
  await vi.waitFor(() => expect(marks.filter((edit) => answers(edit) === 0)).toEqual([]), { timeout: 30_000 });
  expect(marks.filter((edit) => answers(edit) > 1)).toEqual([]);
}, 60_000);
