import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { resolvePaths } from "@openclaw/core/paths";
import { type LlmCall, type ScriptedLlm, callTool, createGate, startScriptedLlm } from "@openclaw/testkit/llm";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixedConfiguration } from "../../test/fixed-configuration.ts";
import { type RunningGateway, startGateway } from "../gateway.ts";

const ADA = 7001;
let dir: string;
let llm: ScriptedLlm;
let telegram: TelegramEmulator;
const running: RunningGateway[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "telegram-commands-"));
  [llm, telegram] = await Promise.all([startScriptedLlm(), startTelegramEmulator({ privacyMode: false })]);
  llm.script(({ lastUserText }) => ({
    kind: "answer",
    text: `about: ${lastUserText}`,
    usage: { input: 1_234, output: 56 },
  }));
});
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.stop("stopping", { drainMs: 0 });
  await Promise.all([llm.close(), telegram.close()]);
  rmSync(dir, { recursive: true, force: true });
});

async function start(): Promise<RunningGateway> {
  const config = {
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
          models: [{ id: "scripted", name: "Scripted", reasoning: true, contextWindow: 100_000 }],
        },
      },
    },
    channels: {
      telegram: {
        botToken: telegram.token,
        apiRoot: telegram.apiRoot,
        dmPolicy: "allowlist",
        allowFrom: [ADA],
        groupPolicy: "open",
        groups: { "*": { requireMention: true } },
      },
    },
  };
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: join(dir, "home"), tmpdir: dir });
  const gateway = await startGateway({
    configuration: fixedConfiguration(config, paths, { OPENCLAW_SKIP_LOCAL_MODELS: "1" }),
    log: silentLog,
    logFile: () => join(dir, "log"),
    port: 0,
  });
  running.push(gateway);
  await gateway.channelsReady;
  return gateway;
}

/** Ada writes, and the bot's next message that fits. */
async function ask(text: string, answer: RegExp): Promise<string> {
  const before = telegram.calls("sendMessage").length;
  telegram.inject.dm({ from: ADA, text });
  return sent(answer, before);
}

async function sent(answer: RegExp, before = 0): Promise<string> {
  const fits = (call: { params: unknown }) =>
    telegram.calls("sendMessage").indexOf(call as never) >= before && answer.test(textOf(call));
  return textOf(await telegram.waitFor("sendMessage", fits));
}

const textOf = ({ params }: { params: unknown }) => String((params as { text?: unknown }).text);
const effort = (call: LlmCall | undefined) => call?.body["reasoning_effort"];

test("/think is remembered across a restart, and inside a message it holds for that one", async () => {
  const first = await start();
  await ask("/think high", /^Thinking: high/);
  expect(llm.calls()).toHaveLength(0);
  await ask("a hard question", /a hard question/);
  expect(effort(llm.calls()[0])).toBe("high");

  expect(await ask("a quick /think low question", /a quick question/)).not.toContain("/think");
  expect(effort(llm.calls()[1])).toBe("low");

  await first.stop("restarting");
  running.splice(0);
  await start();
  await ask("another one", /another one/);
  expect(effort(llm.calls()[2])).toBe("high");
});

test("/usage puts a line under answers until it is switched off", async () => {
  await start();
  await ask("/usage tokens", /^Usage under answers: tokens/);
  expect(await ask("hello", /about: .*hello/s)).toMatch(/\n\nUsage: 1\.2k in \/ 56 out$/);
  await ask("/usage off", /^Usage under answers: off/);
  expect(await ask("hello again", /hello again/)).not.toContain("Usage:");
});

test("/verbose shows the tools of an answer before it", async () => {
  await start();
  await ask("/verbose on", /^Verbose: on/);
  llm.enqueue(callTool("session_status"));
  await ask("how are you?", /how are you\?/);
  const said = telegram.messages(ADA).flatMap(({ fromBot, text }) => (fromBot ? [text] : []));
  expect(said).toEqual([
    expect.stringMatching(/^Verbose/),
    expect.stringMatching(/^🛠️ session_status/),
    expect.stringContaining("how are you?"),
  ]);
});

test("/queue interrupt makes a new message stop the running answer", async () => {
  await start();
  await ask("/queue interrupt", /^Queue: interrupt/);
  const gate = createGate();
  llm.enqueue({ kind: "stall", gate });
  telegram.inject.dm({ from: ADA, text: "a long story" });
  const first = await llm.waitForCall();
  await ask("no, a short one", /a short one/);
  expect(first.aborted).toBe(true);
  gate.open();
});

test("stop ends the model call before it has answered", async () => {
  await start();
  const gate = createGate();
  llm.enqueue({ kind: "stall", gate });
  telegram.inject.dm({ from: ADA, text: "a long story" });
  const call = await llm.waitForCall();
  await ask("stop", /^⚙️ Agent was aborted\.$/);
  await expect.poll(() => call.aborted).toBe(true);
  gate.open();
});

test("/activation always answers a group without mentions, for members who may command only when they ask", async () => {
  await start();
  telegram.inject.group({ from: 78, text: "/activation@emulated_bot always" });
  telegram.inject.group({ from: 78, text: "hello everybody" });
  telegram.inject.group({ from: ADA, text: "/activation@emulated_bot always" });
  await sent(/^Activation: always/);
  expect(llm.calls()).toHaveLength(0);
  telegram.inject.group({ from: 78, text: "who is there?" });
  await sent(/who is there\?/);
});

test("the platform's menu names what is switched on", async () => {
  await start();
  const { params } = await telegram.waitFor("setMyCommands");
  const names = (JSON.parse(JSON.stringify(params)) as { commands: { command: string }[] | string }).commands;
  const menu = (typeof names === "string" ? (JSON.parse(names) as { command: string }[]) : names).map(
    ({ command }) => command,
  );
  expect(menu).toEqual(expect.arrayContaining(["help", "new", "status", "model", "think", "queue", "usage"]));
  expect(menu).not.toContain("config");
});
