import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPairingStore } from "@openclaw/core/access";
import { systemClock } from "@openclaw/core";
import type { GatewayClient } from "@openclaw/protocol/client";
import { type ScriptedLlm, createGate, fail, say, startScriptedLlm } from "@openclaw/testkit/llm";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connectTo, scriptedAgents, startScriptedGateway } from "../test/scripted-gateway.ts";
import type { RunningGateway } from "./gateway.ts";

let dir: string;
let llm: ScriptedLlm;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "gateway-"));
  llm = await startScriptedLlm();
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await llm.close();
  rmSync(dir, { recursive: true, force: true });
});

async function gateway(config: Record<string, unknown> = {}): Promise<RunningGateway> {
  const running = await startScriptedGateway(dir, llm, config);
  closers.push(() => running.stop("stopping"));
  return running;
}

async function connect(running: RunningGateway): Promise<GatewayClient> {
  const client = await connectTo(running);
  closers.push(() => client.close());
  return client;
}

/** The chat frame that ends a run. */
function ending(client: GatewayClient, runId: string) {
  return new Promise<{ state: string; text: string; stopReason?: string }>((resolve) => {
    const stop = client.on("chat", ({ runId: id, state, message, stopReason }) => {
      if (id !== runId || state === "delta") return;
      stop();
      resolve({ state, stopReason, text: message?.content.map(({ text }) => text ?? "").join("") ?? "" });
    });
  });
}

async function telegramGateway(
  config: Record<string, unknown> = {},
): Promise<{ telegram: TelegramEmulator; running: RunningGateway }> {
  const telegram = await startTelegramEmulator();
  closers.push(() => telegram.close());
  const running = await gateway({
    channels: { telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot, ...config } },
  });
  return { telegram, running };
}

test("a message over WebSocket is answered, streamed and kept in the transcript", async () => {
  const client = await connect(await gateway());
  const states: string[] = [];
  client.on("chat", ({ state }) => states.push(state));
  const final = ending(client, "run-1");
  expect(
    await client.request("chat.send", { sessionKey: "main", message: "hello there", idempotencyKey: "run-1" }),
  ).toEqual({ runId: "run-1", status: "started" });
  expect((await final).text).toContain("hello there");
  expect(states[0]).toBe("delta");
  const { messages } = await client.request("chat.history", { sessionKey: "agent:main:main" });
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  // People see their own words; the model got a time stamp in front of them.
  expect(messages[0]?.content[0]?.text).toBe("hello there");
  expect(llm.calls()[0]?.lastUserText).toMatch(/^\[\w{3} \d{4}-\d\d-\d\d \d\d:\d\d .+\] hello there$/);
});

test("a repeated key runs nothing twice, also while the first still runs", async () => {
  const client = await connect(await gateway());
  const gate = createGate();
  llm.script(async () => {
    await gate.opened;
    return { kind: "answer", text: "once" };
  });
  const send = () => client.request("chat.send", { sessionKey: "main", message: "hello", idempotencyKey: "run-1" });
  const final = ending(client, "run-1");
  expect(await send()).toMatchObject({ status: "started" });
  expect(await send()).toMatchObject({ status: "in_flight" });
  gate.open();
  await final;
  expect(await send()).toMatchObject({ status: "ok" });
  expect(llm.calls()).toHaveLength(1);
});

test("an aborted run stops the model call and says so", async () => {
  const client = await connect(await gateway());
  const gate = createGate();
  llm.script(async () => {
    await gate.opened;
    return { kind: "answer", text: "too late" };
  });
  const final = ending(client, "run-1");
  await client.request("chat.send", { sessionKey: "main", message: "hello", idempotencyKey: "run-1" });
  await llm.waitForCall();
  expect(await client.request("chat.abort", { sessionKey: "main" })).toEqual({
    ok: true,
    aborted: true,
    runIds: ["run-1"],
  });
  expect(await final).toMatchObject({ state: "aborted", stopReason: "rpc" });
  gate.open();
});

test("agent answers twice: accepted at once, the result at the end", async () => {
  const client = await connect(await gateway());
  const accepted: unknown[] = [];
  const result = await client.request(
    "agent",
    { message: "ping", agentId: "main", idempotencyKey: "run-2" },
    { onAccepted: (first) => accepted.push(first) },
  );
  expect(accepted).toMatchObject([{ runId: "run-2", status: "accepted" }]);
  expect(result).toMatchObject({
    status: "ok",
    summary: "completed",
    result: { meta: { agentMeta: { provider: "scripted", model: "scripted" } } },
  });
  expect(await client.request("agent.wait", { runId: "run-2" })).toMatchObject({ status: "ok" });
});

test("a model that refuses the key is named, with the next step", async () => {
  const client = await connect(await gateway());
  llm.script(() => fail(401));
  const final = ending(client, "run-1");
  await client.request("chat.send", { sessionKey: "main", message: "hello", idempotencyKey: "run-1" });
  expect((await final).text).toMatch(/scripted/);
});

test("why an answer failed is read again later, too", async () => {
  const client = await connect(await gateway());
  llm.script(() => fail(401));
  const done = ending(client, "one");
  await client.request("chat.send", { sessionKey: "main", message: "hello", idempotencyKey: "one" });
  await done;
  const { messages } = await client.request("chat.history", { sessionKey: "main" });
  expect(messages.at(-1)).toMatchObject({
    role: "assistant",
    content: [{ type: "text", text: expect.stringContaining("credentials") as string }],
  });
});

test("without a configured model the session list names the one that would answer", async () => {
  const client = await connect(
    await gateway({ agents: { defaults: { workspace: join(dir, "workspace"), skipBootstrap: true } }, models: {} }),
  );
  const { defaults } = await client.request("sessions.list", {});
  expect(defaults).toMatchObject({ modelProvider: "offline", model: "rules" });
});

test("a skill's command asks for the skill, and /skill alone lists them", async () => {
  const skill = join(dir, "workspace", "skills", "tide-table");
  mkdirSync(skill, { recursive: true });
  writeFileSync(
    join(skill, "SKILL.md"),
    "---\nname: tide-table\ndescription: Says when the tide comes in.\n---\nAsk the harbour.\n",
  );
  const client = await connect(await gateway());
  const asked = async (message: string, key: string) => {
    const done = ending(client, key);
    await client.request("chat.send", { sessionKey: "main", message, idempotencyKey: key });
    return (await done).text;
  };
  expect(await asked("/skill", "one")).toContain("/tide_table: Says when the tide comes in.");
  await asked("/tide_table Brest", "two");
  expect(llm.calls().at(-1)?.lastUserText).toMatch(/skill "tide-table" \(.*SKILL\.md\)[\s\S]*Brest/);
  await asked("/nothing like that", "three");
  expect(llm.calls().at(-1)?.lastUserText).toContain("/nothing like that");
});

test("a stranger on Telegram gets a code once, and an approved person an answer", async () => {
  const { telegram } = await telegramGateway();
  telegram.inject.dm({ from: 77, text: "hello?" });
  const greeting = await telegram.waitFor("sendMessage");
  const code = /Pairing code: ([A-HJ-NP-Z2-9]{8})/.exec(JSON.stringify(greeting.params))?.[1];
  const pairing = createPairingStore({ dir: join(dir, "credentials"), channel: "telegram", clock: systemClock });
  telegram.inject.dm({ from: 77, text: "hello??" });
  await vi.waitFor(() => expect(pairing.pending()[0]?.lastSeenAt).not.toBe(pairing.pending()[0]?.createdAt));
  expect(llm.calls()).toHaveLength(0);

  pairing.approve(code ?? "");
  telegram.inject.dm({ from: 77, text: "and now?" });
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("and now?"));
  expect(telegram.messages(77).filter(({ fromBot }) => fromBot)).toHaveLength(2);
});

test("a redelivered update is answered once", async () => {
  const { telegram } = await telegramGateway({ dmPolicy: "open", allowFrom: ["*"] });
  const { update } = telegram.inject.dm({ from: 77, text: "say this once" });
  await telegram.waitFor("sendMessage");
  telegram.redeliver(update?.update_id ?? 0);
  telegram.inject.dm({ from: 77, text: "something else" });
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("something else"));
  expect(telegram.messages(77).filter(({ fromBot, text }) => fromBot && text.includes("say this once"))).toHaveLength(
    1,
  );
});

test("in a group only what addresses the bot is answered, with what was said before as context", async () => {
  const { telegram } = await telegramGateway({ groupPolicy: "open", groups: { "*": { requireMention: true } } });
  telegram.setPrivacyMode(false);
  telegram.inject.group({ from: 77, text: "I brought cake" });
  telegram.inject.group({ from: 78, text: "@emulated_bot what did they bring?" });
  await telegram.waitFor("sendMessage");
  expect(llm.calls()).toHaveLength(1);
  expect(llm.calls()[0]?.lastUserText).toContain("I brought cake");
});

test("a broadcast chat is answered by each of its agents, one after the other", async () => {
  const telegram = await startTelegramEmulator();
  closers.push(() => telegram.close());
  await gateway({
    agents: { ...scriptedAgents(dir), list: [{ id: "anna" }, { id: "ben" }] },
    broadcast: { strategy: "sequential", 77: ["ben", "anna"] },
    channels: { telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot, dmPolicy: "open", allowFrom: ["*"] } },
  });
  llm.enqueue(say("first answer"), say("second answer"));
  telegram.inject.dm({ from: 77, text: "hello" });
  const answers = () => telegram.messages(77).flatMap(({ fromBot, text }) => (fromBot ? [text] : []));
  await vi.waitFor(() => expect(answers()).toEqual(["first answer", "second answer"]), { timeout: 5_000 });
  expect(readdirSync(join(dir, "agents")).toSorted()).toEqual(["anna", "ben"]);
});

test("a turn that was interrupted by the end of the process is finished by the next one", async () => {
  const telegram = await startTelegramEmulator();
  closers.push(() => telegram.close());
  const channels = {
    telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot, dmPolicy: "open", allowFrom: ["*"] },
  };
  const gate = createGate();
  llm.script(async ({ lastUserText }) => {
    await gate.opened;
    return { kind: "answer", text: `answer to: ${lastUserText}` };
  });
  const first = await gateway({ channels });
  telegram.inject.dm({ from: 77, text: "a long question" });
  await llm.waitForCall();
  await first.stop("restarting", { drainMs: 0 });
  gate.open();
  await gateway({ channels });
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("a long question"));
  expect(telegram.messages(77).filter(({ fromBot }) => fromBot)).toHaveLength(1);
});

/** Paragraphs that can be told apart. */
const longAnswer = (paragraphs: number) =>
  Array.from({ length: paragraphs }, (_, index) => `Paragraph ${index}. ${"words ".repeat(150)}end ${index}.`).join(
    "\n\n",
  );
const ending0to = (count: number) => Array.from({ length: count }, (_, index) => `end ${index}.`);

test.each([
  ["at the end", {}],
  ["in blocks while it is written", { blockStreaming: true }],
])("an answer longer than the platform's limit arrives exactly once, %s", async (_when, settings) => {
  const { telegram } = await telegramGateway({ dmPolicy: "open", allowFrom: ["*"], ...settings });
  llm.script(() => ({ kind: "answer", text: longAnswer(12) }));
  telegram.inject.dm({ from: 77, text: "tell me everything" });
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("end 11."));
  const said = telegram
    .messages(77)
    .filter(({ fromBot }) => fromBot)
    .map(({ text }) => text);
  expect(said.length).toBeGreaterThan(2);
  expect(Math.max(...said.map((text) => text.length))).toBeLessThanOrEqual(4096);
  expect(said.join("\n").match(/end \d+\./g)).toEqual(ending0to(12));
});

test("parts that went out before the process ended are not said again after it", async () => {
  const telegram = await startTelegramEmulator();
  closers.push(() => telegram.close());
  const channels = {
    telegram: {
      botToken: telegram.token,
      apiRoot: telegram.apiRoot,
      dmPolicy: "open",
      allowFrom: ["*"],
      blockStreaming: true,
    },
  };
  const gate = createGate();
  const text = longAnswer(12);
  llm.script(() => say(text.slice(0, 3_500), gate, text.slice(3_500)));
  const first = await gateway({ channels });
  telegram.inject.dm({ from: 77, text: "tell me everything" });
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("end 0."));
  // Long enough for a send under way, too short for the answer that is held back.
  await first.stop("restarting", { drainMs: 300 });
  gate.open();
  llm.script(() => ({ kind: "answer", text }));
  await gateway({ channels });
  await telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("end 11."));
  const said = telegram
    .messages(77)
    .filter(({ fromBot }) => fromBot)
    .map((message) => message.text);
  expect(said.join("\n").match(/end \d+\./g)).toEqual(ending0to(12));
});

test("what holds secrets is readable by its owner alone", async () => {
  const client = await connect(await gateway());
  const final = ending(client, "run-1");
  await client.request("chat.send", { sessionKey: "main", message: "hello", idempotencyKey: "run-1" });
  await final;
  const loose: string[] = [];
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (child.startsWith(join(dir, "workspace"))) continue;
      const mode = statSync(child).mode & 0o777;
      if (mode & 0o077) loose.push(`${child} ${mode.toString(8)}`);
      if (entry.isDirectory()) walk(child);
      else expect(readFileSync(child, "latin1")).not.toContain("secret-token");
    }
  };
  walk(dir);
  expect(loose).toEqual([]);
});
