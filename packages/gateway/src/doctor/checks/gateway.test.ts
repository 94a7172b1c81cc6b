import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createLastKnownGood, loadConfig } from "@openclaw/core/config";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDoctorRoom, type DoctorRoom, HEALTHY } from "../../../test/doctor-room.ts";

let room: DoctorRoom;
const servers: Server[] = [];
beforeEach(() => (room = createDoctorRoom()));
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  room.dispose();
});

const portTaken = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
};

function lock(pid: number): void {
  mkdirSync(room.paths.lockDir, { recursive: true, mode: 0o700 });
  writeFileSync(
    room.paths.lockPath,
    JSON.stringify({ pid, createdAt: "2026-01-01T00:00:00Z", configPath: room.paths.configPath }),
  );
}

describe("gateway.mode and the token", () => {
  test("what keeps a gateway from starting is an error, and set with the comments around it kept", async () => {
    room.config("{\n  // mine\n  gateway: { port: 19001 }, // the second\n}\n");
    const report = await room.look({ fix: ["gateway-mode", "gateway-auth"] });
    expect(report.checks.flatMap(({ id, fixed }) => (fixed.length > 0 ? id : []))).toEqual([
      "gateway-mode",
      "gateway-auth",
    ]);
    expect(room.readConfig()).toMatch(
      /\/\/ mine\n.*port: 19001, mode: "local", auth: \{ token: "[0-9a-f]{48}" \} \}, \/\/ the second/,
    );
    const text = room.readConfig();
    expect(await room.look({ fix: ["gateway-mode", "gateway-auth"] })).toMatchObject({ fixed: 0 });
    expect(room.readConfig()).toBe(text);
  });

  test("a token in the environment is one; in password mode no token is made up", async () => {
    room.config('{ gateway: { mode: "local", auth: { mode: "password" } } }');
    expect(await room.check("gateway-auth", { fix: "all" })).toMatchObject({
      fixed: [],
      findings: [{ severity: "error", message: expect.stringContaining("no password") }],
    });
    room.config('{ gateway: { mode: "local" } }');
    expect(
      await room.check("gateway-auth", { env: { OPENCLAW_GATEWAY_TOKEN: "a-token-of-twenty-characters" } }),
    ).toMatchObject({ findings: [] });
  });

  test("a short secret is a warning on this machine, an error where others reach it", async () => {
    room.config('{ gateway: { mode: "local", auth: { token: "short" } } }');
    expect((await room.check("gateway-auth")).findings).toMatchObject([{ severity: "warning" }]);
    room.config('{ gateway: { mode: "local", bind: "lan", auth: { token: "short" } } }');
    expect((await room.check("gateway-auth")).findings).toMatchObject([
      { severity: "error", message: "The gateway's token has only 5 characters." },
    ]);
  });

  test("a machine that uses a gateway elsewhere needs none of it", async () => {
    room.config('{ gateway: { mode: "remote", remote: { url: "wss://home.example" } } }');
    expect(await room.look()).toMatchObject({ ok: true, warnings: 0 });
  });
});

describe("the port", () => {
  test("a clash names the process", async () => {
    const port = await portTaken();
    room.config(HEALTHY);
    const { findings } = await room.check("gateway-port", { env: { OPENCLAW_GATEWAY_PORT: String(port) } });
    expect(findings).toMatchObject([
      {
        severity: "error",
        message: expect.stringMatching(new RegExp(`Port ${port} on 127.0.0.1 is in use by .*\\(pid ${process.pid}\\)`)),
      },
    ]);
  });

  test("the running gateway's own port is no clash", async () => {
    const port = await portTaken();
    room.config(HEALTHY);
    lock(process.pid);
    expect((await room.check("gateway-port", { env: { OPENCLAW_GATEWAY_PORT: String(port) } })).findings).toEqual([]);
  });

  test("an address this machine does not have is an error", async () => {
    room.config(
      '{ gateway: { mode: "local", bind: "custom", customBindHost: "192.0.2.1", auth: { token: "a-token-of-twenty-characters" } } }',
    );
    expect((await room.check("gateway-port")).findings).toMatchObject([
      { severity: "error", message: expect.stringContaining("192.0.2.1") },
    ]);
  });
});

test("the lock of a dead gateway is taken away, that of a living one is not", async () => {
  const dead = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
  lock(dead);
  expect((await room.check("gateway-lock")).findings).toMatchObject([
    { severity: "warning", message: expect.stringContaining(`pid ${dead}`) },
  ]);
  expect(await room.check("gateway-lock", { fix: "all" })).toMatchObject({ findings: [], fixed: [expect.any(String)] });
  expect(existsSync(room.paths.lockPath)).toBe(false);
  lock(process.pid);
  expect(await room.check("gateway-lock", { fix: "all" })).toMatchObject({
    findings: [{ severity: "info" }],
    fixed: [],
  });
  expect(existsSync(room.paths.lockPath)).toBe(true);
});

test("a broken file with a last known good one behind it is told apart from one without", async () => {
  room.config(HEALTHY);
  const loaded = await loadConfig({ ...room.options, configPath: room.paths.configPath });
  room.config("{ gateway: ");
  expect((await room.check("last-known-good")).findings).toMatchObject([
    { severity: "error", message: expect.stringContaining("does not start") },
  ]);
  createLastKnownGood(room.paths.lastKnownGoodDir).save(loaded, { now: Date.UTC(2026, 0, 2) });
  expect((await room.check("last-known-good")).findings).toMatchObject([
    { severity: "warning", message: expect.stringContaining("worked on 2026-01-02") },
  ]);
  lock(process.pid);
  expect((await room.check("last-known-good")).findings).toMatchObject([
    { message: expect.stringContaining(`The running gateway (pid ${process.pid}) keeps`) },
  ]);
});

describe("channels", () => {
  const withChannels = (channels: string) =>
    room.config(
      `{ gateway: { mode: "local", auth: { token: "a-token-of-twenty-characters" } }, channels: ${channels} }`,
    );

  test("an account without token, with a token file that is gone, and a channel without code are told; one switched off is not", async () => {
    withChannels(
      '{ telegram: { accounts: { a: {}, b: { tokenFile: "/nowhere/token" }, c: { enabled: false }, d: { botToken: "1:abcdef" } } }, slack: { botToken: "xoxb-1", appToken: "xapp-1" } }',
    );
    const { findings } = await room.check("channel-accounts");
    expect(findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      expect.stringMatching(/^error: Telegram, account a: no bot token: set channels\.telegram\.accounts\.a\.botToken/),
      expect.stringMatching(/^error: Telegram, account b: the token file \/nowhere\/token cannot be read \(ENOENT\)/),
      expect.stringMatching(/^warning: channels\.slack is configured, but it is not part of this version/),
    ]);
  });

  test("an open door is a warning for each account that has one", async () => {
    withChannels(
      '{ telegram: { dmPolicy: "open", allowFrom: ["*"], accounts: { b: { dmPolicy: "open" }, c: { dmPolicy: "pairing" } } }, slack: { dm: { policy: "open", allowFrom: ["*"] } } }',
    );
    const { findings } = await room.check("dm-policy");
    expect(findings.map(({ message }) => message.split(" ")[0])).toEqual([
      "channels.telegram.dmPolicy",
      "channels.telegram.accounts.b.dmPolicy",
      "channels.slack.dm.policy",
    ]);
  });
});

describe("models", () => {
  const withModel = (model: string) =>
    room.config(
      `{ gateway: { mode: "local", auth: { token: "a-token-of-twenty-characters" } }, agents: { defaults: { model: "${model}" } } }`,
    );

  test("a chosen model without key is a warning, with one it is none; a local server needs none", async () => {
    withModel("anthropic/claude-opus-4-5");
    expect((await room.check("models")).findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("no key or login for anthropic") },
    ]);
    expect((await room.check("models", { env: { ANTHROPIC_API_KEY: "sk-canary-0123456789" } })).findings).toEqual([]);
    withModel("ollama/qwen3");
    expect((await room.check("models")).findings).toEqual([]);
  });

  test("no model at all is worth knowing, and no complaint", async () => {
    room.config(HEALTHY);
    expect((await room.check("models")).findings).toMatchObject([
      { severity: "info", message: expect.stringContaining("offline mode") },
    ]);
  });
});
