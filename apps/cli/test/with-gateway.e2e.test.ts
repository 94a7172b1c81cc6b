import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { GatewayProcess } from "@openclaw/testkit/gateway-process";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway } from "./gateway-process.ts";

let gateway: GatewayProcess;
let telegram: TelegramEmulator;

beforeAll(async () => {
  telegram = await startTelegramEmulator();
  gateway = await startGateway({
    config: { channels: { telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot } } },
  });
});
afterAll(async () => {
  await gateway.dispose();
  await telegram.close();
});

const json = async (...args: string[]) =>
  JSON.parse((await gateway.cli(...args, "--json")).stdout) as Record<string, unknown>;

test("a message from the terminal is answered; the pipe gets the answer, tools stay on standard error", async () => {
  const { code, stdout, stderr } = await gateway.cli("agent", "--message", "what is 6*7? and list files");
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("· exec") });
  expect(stdout).toContain("42");
  expect(stdout).toContain("AGENTS.md");
  expect(stdout).not.toContain("· exec");
});

describe("who asks", () => {
  test("a wrong token is exit code 4, and is not sent twice as something else", async () => {
    const { code, stderr } = await gateway.cli("health", "--token", "wrong-token");
    expect(code).toBe(4);
    expect(stderr).toContain("unauthorized");
    expect(stderr).not.toContain("wrong-token");
  });

  test("the local token does not travel to an address given by hand", async () => {
    const { code } = await gateway.cli("health", "--url", `ws://localhost:${gateway.port}`);
    expect(code).toBe(4);
  });
});

test("a stranger on Telegram is let in from the terminal, told so, and answered", async () => {
  telegram.inject.dm({ from: { id: 7700, first_name: "Ada" }, text: "hello" });
  const asked = await telegram.waitFor("sendMessage", ({ params }) => /pairing approve/.test(String(params.text)));
  const code = /approve telegram ([A-Z2-9]{8})/.exec(String(asked.params.text))?.[1] ?? "";
  expect(await json("pairing", "list")).toMatchObject({ requests: [{ channel: "telegram", code, id: "7700" }] });
  expect(await gateway.cli("pairing", "approve", "telegram", code)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("They were told"),
  });
  await telegram.waitFor("sendMessage", ({ params }) => /You are in/.test(String(params.text)));
  telegram.inject.dm({ from: { id: 7700, first_name: "Ada" }, text: "what is 6*7?" });
  await telegram.waitFor(
    "sendMessage",
    ({ params }) => /42/.test(String(params.text)) && !/approve/.test(String(params.text)),
    15_000,
  );
});

test("message send reaches the chat, by each of the spellings people know", async () => {
  for (const option of ["--target", "--user", "-t"]) {
    const sent = await gateway.cli("message", "send", option, "7700", "--message", `dinner ${option}`);
    expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining("on telegram") });
    await telegram.waitFor("sendMessage", ({ params }) => params.text === `dinner ${option}`);
  }
});

test("every command that prints something prints one JSON document with --json", async () => {
  const lines = [
    "health",
    "status",
    "status --all --deep",
    "gateway status",
    "gateway probe",
    "gateway call status",
    "sessions list",
    "sessions show main",
    "sessions patch main --label home",
    "agents list",
    "agents reset",
    "channels list",
    "channels status --probe",
    "channels login telegram",
    "channels logout telegram",
    "pairing list",
    "devices list",
    "models list",
    "models status",
    "models aliases",
    "config file",
    "config get",
    "config get gateway.port",
    "config validate",
    "config schema",
    "dashboard --no-open",
    "sessions reset home",
    "sessions show nope",
    "message send -t 7700 -m hi",
    "setup",
  ];
  const failed: string[] = [];
  const left = [...lines];
  const work = async () => {
    for (let line = left.shift(); line !== undefined; line = left.shift()) {
      const { stdout } = await gateway.cli(...line.split(" "), "--json");
      try {
        JSON.parse(stdout);
      } catch {
        failed.push(line);
      }
    }
  };
  await Promise.all([work(), work(), work()]);
  expect(failed).toEqual([]);
});

test("sessions are found by label, and a wrong name says which was meant", async () => {
  await gateway.cli("sessions", "patch", "main", "--label", "kitchen");
  expect(await json("sessions", "show", "kitchen")).toMatchObject({ session: { key: "agent:main:main" } });
  expect(await gateway.cli("sessions", "show", "kitchn")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Did you mean kitchen?"),
  });
});

test("the log is read through the gateway, line by line, without the token", async () => {
  const { stdout } = await gateway.cli("logs", "--limit", "200", "--json");
  const entries = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(entries.some((entry) => entry["1"]?.startsWith("gateway ready"))).toBe(true);
  expect(stdout).not.toContain(gateway.token);
});

test("a secret is nowhere in what a person would paste", async () => {
  const { stdout, stderr } = await gateway.cli("status", "--all", "--deep");
  for (const secret of [gateway.token, telegram.token]) expect(stdout + stderr).not.toContain(secret);
});

test("restart keeps the process, stop ends it and says so, and the home directory stayed empty", async () => {
  const { pid } = gateway;
  expect(await json("gateway", "restart")).toMatchObject({ ok: true, pid });
  expect(await json("gateway", "stop")).toMatchObject({ ok: true, stopped: true, pid });
  expect(await gateway.cli("health")).toMatchObject({ code: 3 });
  expect((await gateway.cli("logs", "-n", "3")).stderr).toContain("The gateway does not run; this is");
  expect(readdirSync(join(dirname(gateway.stateDir), "home"))).toEqual([]);
});
