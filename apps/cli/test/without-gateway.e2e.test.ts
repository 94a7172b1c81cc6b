import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { systemClock } from "@openclaw/core";
import { createPairingStore } from "@openclaw/core/access";
import { freePort } from "@openclaw/testkit/gateway-process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Cli, createCli } from "./cli.ts";

let cli: Cli;
beforeEach(() => (cli = createCli()));
afterEach(() => cli.dispose());

describe("a command line that is wrong", () => {
  test("a mistyped command names the one that was meant, exit code 2", async () => {
    expect(await cli.run(["gatway"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("Did you mean: openclaw gateway"),
    });
    expect((await cli.run(["gateway", "stauts"])).stderr).toContain("Did you mean: openclaw gateway status");
  });

  test("so does a mistyped option", async () => {
    expect(await cli.run(["agent", "--mesage", "hi"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--message"),
    });
  });

  test("a word where a number belongs is no port", async () => {
    expect(await cli.run(["gateway", "--port", "many"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--port needs a number"),
    });
  });
});

describe("no gateway", () => {
  test("is exit code 3 with the command that starts one, also as JSON", async () => {
    const OPENCLAW_GATEWAY_PORT = String(await freePort());
    const words = await cli.run(["health"], { env: { OPENCLAW_GATEWAY_PORT } });
    expect(words).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("Start it with: openclaw gateway"),
    });
    const json = await cli.run(["--profile", "work", "health", "--json"], { env: { OPENCLAW_GATEWAY_PORT } });
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      error: { code: "GATEWAY_UNREACHABLE", hint: "Start it with: openclaw --profile work gateway" },
    });
  });

  test("a foreign program on the port is told apart from nothing", async () => {
    const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const OPENCLAW_GATEWAY_PORT = String((server.address() as AddressInfo).port);
    const { code, stderr } = await cli.run(["health"], { env: { OPENCLAW_GATEWAY_PORT } });
    const status = await cli.run(["gateway", "status", "--json"], { env: { OPENCLAW_GATEWAY_PORT } });
    await new Promise((resolve) => server.close(resolve));
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining("not an OpenClaw gateway") });
    expect(JSON.parse(status.stdout)).toMatchObject({ reachable: false, holder: { pid: process.pid } });
  });

  test("status is an answer all the same, and stop is content", async () => {
    const env = { OPENCLAW_GATEWAY_PORT: String(await freePort()) };
    expect(await cli.run(["status"], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Gateway\tnot running"),
    });
    expect(await cli.run(["gateway", "stop"], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("No gateway is running"),
    });
  });
});

describe("gateway run refuses", () => {
  test("a configuration with mistakes: all of them at once, nothing rewritten", async () => {
    const text = '{ gateway: { mode: "local", prt: 1 }, agents: { defaults: { maxConcurrent: "many" } } }';
    cli.writeConfig(text);
    const { code, stderr } = await cli.run(["gateway"]);
    expect(code).toBe(1);
    expect(stderr).toContain('gateway.prt: There is no key "prt" in gateway. Did you mean port?');
    expect(stderr).toContain("agents.defaults.maxConcurrent");
    expect(cli.readConfig()).toBe(text);
  });

  test("a port that is in use: names the process", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { code, stderr } = await cli.run(["gateway", "--port", String((server.address() as AddressInfo).port)]);
    await new Promise((resolve) => server.close(resolve));
    expect(code).toBe(1);
    expect(stderr).toContain(process.platform === "linux" ? `(pid ${process.pid})` : "is in use");
  });

  test("an address that others reach, without a secret", async () => {
    cli.writeConfig('{ gateway: { mode: "local" } }');
    expect(await cli.run(["gateway", "--bind", "lan"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("refuses to listen beyond this machine"),
    });
  });
});

describe("configuration", () => {
  const commented =
    "{\n  // who answers\n  gateway: { mode: 'local', port: 19001, /* mine */ auth: { token: 'abc123def' } },\n}\n";

  test("set keeps comments, quotes and order, and unset gives the default back", async () => {
    cli.writeConfig(commented);
    expect(await cli.run(["config", "set", "gateway.port", "19002"])).toMatchObject({ code: 0 });
    expect(cli.readConfig()).toContain("// who answers\n  gateway: { mode: 'local', port: 19002, /* mine */ auth:");
    expect((await cli.run(["config", "get", "gateway.port"])).stdout).toBe("19002\n");
    expect(await cli.run(["config", "unset", "gateway.port"])).toMatchObject({ code: 0 });
    expect(await cli.run(["config", "get", "gateway.port"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("18789"),
    });
  });

  test("set refuses what the schema refuses, and writes nothing", async () => {
    cli.writeConfig(commented);
    expect(await cli.run(["config", "set", "gateway.prt", "1"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Did you mean port?"),
    });
    expect(cli.readConfig()).toBe(commented);
    expect(existsSync(`${cli.configPath}.bak`)).toBe(false);
  });

  test("set understands an older name, and text that looks like a number where text belongs", async () => {
    cli.writeConfig(commented);
    await cli.run(["config", "set", "models.defaults.model", "anthropic/claude-opus-4-5"]);
    expect((await cli.run(["config", "get", "agents.defaults.model", "--json"])).stdout).toContain(
      "anthropic/claude-opus-4-5",
    );
    await cli.run(["config", "set", "ui.assistant.name", "42"]);
    expect((await cli.run(["config", "get", "ui.assistant.name", "--json"])).stdout).toBe('"42"\n');
  });

  test("get masks secrets inside a section and prints one that is asked for", async () => {
    cli.writeConfig(commented);
    expect((await cli.run(["config", "get", "gateway"])).stdout).not.toContain("abc123def");
    expect((await cli.run(["config", "get", "gateway.auth.token"])).stdout).toBe("abc123def\n");
  });

  test("validate reports each file with place, key and the nearest known one", async () => {
    const good = join(cli.root, "good.json");
    const bad = join(cli.root, "bad.json");
    const old = join(cli.root, "old.json");
    const env = join(cli.root, "env.json");
    writeFileSync(good, '{ gateway: { mode: "local" } }');
    writeFileSync(bad, "{\n  gateway: { prt: 1 },\n  loging: {},\n}");
    writeFileSync(old, '{ agent: { model: "anthropic/claude-opus-4-5" } }');
    writeFileSync(env, '{ gateway: { auth: { token: "${NOT_SET_ANYWHERE}" } } }');
    const all = [good, bad, old, env].flatMap((file) => ["--file", file]);
    const { code, stdout } = await cli.run(["config", "validate", ...all, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      { file: good, valid: true, errors: [], rewrites: [] },
      {
        file: bad,
        valid: false,
        errors: [
          { file: bad, line: 2, column: 14, path: "gateway.prt", message: expect.any(String), suggestion: "port" },
          { file: bad, line: 3, column: 3, path: "loging", message: expect.any(String), suggestion: "logging" },
        ],
        rewrites: [],
      },
      {
        file: old,
        valid: true,
        errors: [],
        rewrites: [{ from: "agent.model", to: expect.stringMatching(/^agents\.defaults\.model/) }],
      },
      { file: env, valid: false, errors: [expect.objectContaining({ path: "gateway.auth.token" })], rewrites: [] },
    ]);
    expect(await cli.run(["config", "validate", "--file", env, "--allow-missing-env"])).toMatchObject({ code: 0 });
    expect(await cli.run(["config", "validate", "--file", join(cli.root, "none.json")])).toMatchObject({ code: 1 });
  });

  test("a new channel stands in the file, comments kept, and can be switched off and taken out", async () => {
    cli.writeConfig(commented);
    const added = await cli.run([
      "channels",
      "add",
      "telegram",
      "--token",
      "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
      "--allow-from",
      "42",
    ]);
    expect(added).toMatchObject({ code: 0 });
    expect(added.stdout + added.stderr).not.toContain("AAHdq");
    expect(cli.readConfig()).toContain("// who answers");
    expect(JSON.parse((await cli.run(["channels", "list", "--json"])).stdout)).toMatchObject({
      accounts: [{ channel: "telegram", account: "default", enabled: true }],
    });
    await cli.run(["channels", "remove", "telegram"]);
    expect(JSON.parse((await cli.run(["channels", "list", "--json"])).stdout)).toMatchObject({
      accounts: [{ enabled: false }],
    });
    await cli.run(["channels", "remove", "telegram", "--delete"]);
    expect(cli.readConfig()).not.toContain("AAHdq");
  });
});

test("setup makes configuration and workspace once, and changes nothing the second time", async () => {
  const first = await cli.run(["setup", "--workspace", join(cli.root, "desk"), "--json"]);
  expect(JSON.parse(first.stdout)).toMatchObject({
    ok: true,
    mode: "local",
    config: { created: true },
    workspace: { dir: join(cli.root, "desk") },
  });
  expect(statSync(cli.configPath).mode & 0o777).toBe(0o600);
  const text = cli.readConfig();
  const second = await cli.run(["setup", "--json"]);
  expect(JSON.parse(second.stdout)).toMatchObject({
    config: { created: false, changed: false },
    workspace: { created: [] },
  });
  expect(cli.readConfig()).toBe(text);
});

test("somebody is let in while no gateway runs, by code alone, in any letter case", async () => {
  const store = createPairingStore({ dir: join(cli.stateDir, "credentials"), channel: "telegram", clock: systemClock });
  const [one, two] = [store.request({ id: "42", meta: { name: "Ada\u001b[2J" } }), store.request({ id: "43" })];
  if (!("code" in one) || !("code" in two)) throw new Error("no code");
  const listed = await cli.run(["pairing", "list"]);
  expect(listed.stdout).toContain(one.code);
  expect(listed.stdout).not.toContain("\u001b");
  const env = { OPENCLAW_GATEWAY_PORT: String(await freePort()) };
  expect(await cli.run(["pairing", "approve", one.code.toLowerCase()], { env })).toMatchObject({
    code: 0,
    stdout: "42 may now write on telegram.\n",
  });
  expect(await cli.run(["pairing", "reject", "telegram", two.code])).toMatchObject({ code: 0 });
  expect(store.allowFrom()).toEqual(["42"]);
  expect(store.pending()).toEqual([]);
  expect(await cli.run(["pairing", "approve", "telegram", one.code])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("pairing list"),
  });
});

test("models can be inspected, chosen and named without a gateway", async () => {
  const env = { OPENCLAW_GATEWAY_PORT: String(await freePort()) };
  expect(JSON.parse((await cli.run(["models", "status", "--json"], { env })).stdout)).toMatchObject({
    model: "offline/rules",
    kind: "rules",
    steps: expect.arrayContaining([expect.stringContaining("no language model found")]),
  });
  await cli.run(["models", "set", "anthropic/claude-opus-4-5"]);
  await cli.run(["models", "aliases", "opus", "anthropic/claude-opus-4-5"]);
  expect(JSON.parse((await cli.run(["models", "aliases", "--json"])).stdout)).toEqual({
    aliases: [{ alias: "opus", model: "anthropic/claude-opus-4-5" }],
  });
  expect(JSON.parse((await cli.run(["models", "status", "--json"], { env })).stdout)).toMatchObject({
    model: "anthropic/claude-opus-4-5",
    source: "config",
  });
  expect(await cli.run(["models", "set", "gpt"])).toMatchObject({ code: 2 });
});

test("nothing is written to the home directory when the state is elsewhere", async () => {
  await cli.run(["setup"]);
  await Promise.all(
    ["config set gateway.port 19001", "models status", "channels list", "pairing list", "status"].map((line) =>
      cli.run(line.split(" ")),
    ),
  );
  expect(readdirSync(cli.home)).toEqual([]);
});

test("explain says what would become of a message and why, and changes nothing", async () => {
  cli.writeConfig(
    JSON.stringify({
      gateway: { mode: "local" },
      agents: { list: [{ id: "main" }, { id: "family" }] },
      bindings: [{ agentId: "family", match: { channel: "telegram", peer: { kind: "group", id: "-1001" } } }],
      channels: { telegram: { botToken: "1:none", allowFrom: ["123"], groupPolicy: "open", groups: { "-1001": {} } } },
    }),
  );
  const explain = async (...args: string[]) => {
    const { stdout } = await cli.run(["explain", "--channel", "telegram", ...args, "--json"]);
    const { agents } = JSON.parse(stdout) as {
      agents: { action: string; steps: { reason: string; outcome: string }[] }[];
    };
    return {
      action: agents[0]?.action,
      reasons: agents[0]?.steps.map(({ reason }) => reason),
      session: agents[0]?.steps[2]?.outcome,
    };
  };
  expect(await explain("--from", "123", "--text", "hello")).toEqual({
    action: "answer",
    reasons: ["dm-listed", "route-default", "session-new", "command-owner", "mention-not-needed", "queue-collect"],
    session: "agent:main:main",
  });
  expect(await explain("--from", "9", "--text", "hello")).toMatchObject({ action: "pair", reasons: ["dm-pairing"] });
  expect(await explain("--from", "123", "--chat", "-1001:topic:7", "--text", "hello")).toMatchObject({
    action: "remember",
    reasons: expect.arrayContaining(["route-peer", "mention-missing"]),
    session: "agent:family:telegram:group:-1001:topic:7",
  });
  expect(existsSync(join(cli.stateDir, "credentials"))).toBe(false);
});
