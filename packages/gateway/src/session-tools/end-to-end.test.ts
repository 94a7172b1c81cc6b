import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayClient } from "@openclaw/protocol/client";
import { type LlmCall, type ScriptedLlm, callTool, createGate, say, startScriptedLlm } from "@openclaw/testkit/llm";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectTo, scriptedAgents, startScriptedGateway } from "../../test/scripted-gateway.ts";
import type { RunningGateway } from "../gateway.ts";

let dir: string;
let llm: ScriptedLlm;
let telegram: TelegramEmulator;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "subagents-"));
  llm = await startScriptedLlm();
  telegram = await startTelegramEmulator();
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await telegram.close();
  await llm.close();
  rmSync(dir, { recursive: true, force: true });
});

async function gateway(
  more: { agents?: Record<string, unknown>; telegram?: Record<string, unknown>; tools?: Record<string, unknown> } = {},
): Promise<RunningGateway> {
  const running = await startScriptedGateway(dir, llm, {
    agents: { ...scriptedAgents(dir), ...more.agents },
    channels: {
      telegram: {
        botToken: telegram.token,
        apiRoot: telegram.apiRoot,
        dmPolicy: "open",
        allowFrom: ["*"],
        ...more.telegram,
      },
    },
    ...(more.tools ? { tools: more.tools } : {}),
  });
  closers.push(() => running.stop("stopping"));
  return running;
}

async function connect(running: RunningGateway): Promise<GatewayClient> {
  const client = await connectTo(running);
  closers.push(() => client.close());
  return client;
}

const isChild = ({ system }: LlmCall) => system.includes("You work as a sub-agent");
const hasResult = ({ toolResults }: LlmCall) => toolResults.length > 0;

test("a task handed on from Telegram outlives the gateway, and its result is told there once", async () => {
  const gate = createGate();
  llm.script(async (call) => {
    if (isChild(call)) {
      await gate.opened;
      return say("The library closes at six.");
    }
    if (hasResult(call)) return say("I am finding out.");
    if (call.lastUserText.includes("[Sub-agent")) return say("It closes at six.");
    return callTool("sessions_spawn", { task: "find out when the library closes", label: "library" });
  });
  const first = await gateway();
  telegram.inject.dm({ from: 77, text: "when does the library close?" });
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("I am finding out."));
  const child = await llm.waitForCall(isChild);
  expect(child.lastUserText).toBe("find out when the library closes");
  expect(child.tools).toContain("read");
  expect(child.tools.filter((name) => /^(sessions_|session_status|agents_list|memory_)/.test(name))).toEqual([]);

  const client = await connect(first);
  const { sessions } = await client.request("sessions.list", { spawnedBy: "agent:main:main" });
  expect(sessions).toMatchObject([
    { label: "library", spawnedBy: "agent:main:main", key: expect.stringMatching(/^agent:main:subagent:/) as string },
  ]);

  await first.stop("restarting", { drainMs: 0 });
  gate.open();
  await gateway();
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("It closes at six."));
  expect(
    telegram
      .messages(77)
      .filter(({ fromBot }) => fromBot)
      .map(({ text }) => text),
  ).toEqual(["I am finding out.", "It closes at six."]);
});

test("/stop in the chat stops the sub-agent's model call", async () => {
  llm.script(async (call) => {
    if (isChild(call)) return { kind: "stall", gate: createGate() };
    return hasResult(call) ? say("I am on it.") : callTool("sessions_spawn", { task: "work for ever" });
  });
  await gateway();
  telegram.inject.dm({ from: 77, text: "do it" });
  const child = await llm.waitForCall(isChild);
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("I am on it."));
  telegram.inject.dm({ from: 77, text: "/stop" });
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("aborted"));
  await expect.poll(() => child.aborted).toBe(true);
});

test("one agent asks another; what they say to each other does not reach the other's chat", async () => {
  llm.script((call) => {
    if (call.lastUserText.includes("ANNOUNCE_SKIP")) return say("ANNOUNCE_SKIP");
    if (call.lastUserText.includes("[Answer from")) return say("REPLY_SKIP");
    if (call.lastUserText.includes("[Message from")) return say("Milk is out.");
    if (call.lastUserText.includes("hello")) return say("Hello!");
    const [result] = call.toolResults;
    return result
      ? say(`Heard: ${result.text}`)
      : callTool("sessions_send", { sessionKey: "agent:main:main", message: "what is missing?" });
  });
  const running = await gateway({
    agents: { list: [{ id: "main" }, { id: "shopping" }] },
    telegram: { blockStreaming: true },
    tools: { agentToAgent: { enabled: true, allow: ["main", "shopping"] } },
  });
  telegram.inject.dm({ from: 77, text: "hello" });
  await telegram.waitFor("sendMessage");
  const client = await connect(running);
  const answer = await client.request("agent", {
    message: "ask at home",
    agentId: "shopping",
    idempotencyKey: "run-1",
  });
  expect(JSON.stringify(answer)).toContain("Milk is out.");
  const last = await llm.waitForCall(({ lastUserText }) => lastUserText.includes("ANNOUNCE_SKIP"));
  expect(last.lastUserText).toContain("You answered: Milk is out.");
  // The next turn of that session begins after the one before it has ended.
  telegram.inject.dm({ from: 77, text: "hello again" });
  await expect.poll(() => telegram.messages(77).filter(({ fromBot }) => fromBot).length).toBe(2);
  expect(
    telegram
      .messages(77)
      .filter(({ fromBot }) => fromBot)
      .map(({ text }) => text),
  ).toEqual(["Hello!", "Hello!"]);
});
