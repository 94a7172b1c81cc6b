import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, type Log, systemClock } from "@openclaw/core";
import { resolvePaths } from "@openclaw/core/paths";
import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import {
  type ScriptedLlm,
  type ScriptedReply,
  callTool,
  createGate,
  fail,
  say,
  startScriptedLlm,
} from "@openclaw/testkit/llm";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fixedConfiguration } from "../test/fixed-configuration.ts";
import { type RunningGateway, startGateway } from "./gateway.ts";

const ADA = 7001;
/** On a busy machine; what is asked of an idle one is a quarter of a second. */
const STOP_BOUND_MS = 1_000;

let dir: string;
let llm: ScriptedLlm;
let telegram: TelegramEmulator;
let lines: string[];
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "bad-input-"));
  lines = [];
  [llm, telegram] = await Promise.all([startScriptedLlm(), startTelegramEmulator({ privacyMode: false })]);
  llm.script(({ lastUserText }) => say(`heard ${lastUserText.length > 500 ? lastUserText.length : lastUserText}`));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await Promise.all([llm.close(), telegram.close()]);
  rmSync(dir, { recursive: true, force: true });
});

/** Warnings and errors, as the log would show them. */
const keeper = (): Log => {
  const log: Log = {
    trace: () => {},
    debug: () => {},
    info: () => {},
    warn: (message) => void lines.push(message),
    error: (message) => void lines.push(message),
    child: () => log,
  };
  return log;
};

let running: RunningGateway;

async function start({
  defaults = {},
  clock = systemClock,
}: { defaults?: Record<string, unknown>; clock?: Clock } = {}): Promise<RunningGateway> {
  const config = {
    gateway: { mode: "local", auth: { mode: "token", token: "secret-token" } },
    agents: {
      defaults: {
        model: { primary: "scripted/scripted" },
        workspace: join(dir, "workspace"),
        skipBootstrap: true,
        ...defaults,
      },
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
      telegram: {
        botToken: telegram.token,
        apiRoot: telegram.apiRoot,
        dmPolicy: "open",
        allowFrom: ["*"],
        groupPolicy: "open",
        groups: { "*": { requireMention: false } },
      },
    },
  };
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: join(dir, "home"), tmpdir: dir });
  const gateway = await startGateway({
    configuration: fixedConfiguration(config, paths, { OPENCLAW_SKIP_LOCAL_MODELS: "1", PATH: process.env.PATH ?? "" }),
    log: keeper(),
    logFile: () => join(dir, "log"),
    port: 0,
    clock,
  });
  closers.push(() => gateway.stop("stopping", { drainMs: 0 }));
  await gateway.channelsReady;
  running = gateway;
  return gateway;
}

async function connect({ port }: RunningGateway): Promise<GatewayClient> {
  const client = createGatewayClient({
    url: `ws://127.0.0.1:${port}`,
    token: "secret-token",
    client: { id: "test", mode: "test", version: "0", platform: "test" },
  });
  closers.push(() => client.close());
  await client.connect();
  return client;
}

const said = (chatId = ADA) => telegram.messages(chatId).flatMap(({ fromBot, text }) => (fromBot ? [text] : []));
const sentTo = (chatId: number, part: string) =>
  telegram.waitFor(
    "sendMessage",
    ({ params }) => String(params.chat_id) === String(chatId) && String(params.text).includes(part),
    10_000,
  );

/** Whoever writes next is answered, from Telegram and over WebSocket, and the answer is in the transcript. */
async function expectUsable(client: GatewayClient, mark: string): Promise<void> {
  llm.script(({ lastUserText }) => say(`heard ${lastUserText}`));
  telegram.inject.dm({ from: ADA, text: `are you there ${mark}` });
  await sentTo(ADA, `are you there ${mark}`);
  expect((await ask(client, `and there ${mark}`)).text).toContain(`and there ${mark}`);
}

async function ask(client: GatewayClient, message: string, sessionKey = "main", runId = `run-${message.slice(0, 40)}`) {
  const final = new Promise<{ state: string; text: string; errorMessage?: string }>((resolve) => {
    const stop = client.on("chat", ({ runId: id, state, message: frame, errorMessage }) => {
      if (id !== runId || state === "delta") return;
      stop();
      resolve({ state, errorMessage, text: frame?.content.map(({ text }) => text ?? "").join("") ?? "" });
    });
  });
  await client.request("chat.send", { sessionKey, message, idempotencyKey: runId });
  return final;
}

const sessionsDir = () => join(dir, "agents", "main", "sessions");
const transcriptOf = (key = "agent:main:main") => {
  const entry = (
    JSON.parse(readFileSync(join(sessionsDir(), "sessions.json"), "utf8")) as Record<
      string,
      { sessionId: string; sessionFile?: string }
    >
  )[key];
  return entry?.sessionFile ?? join(sessionsDir(), `${entry?.sessionId}.jsonl`);
};

/** Every line reads, has an id of its own and a parent that stands before it; every call has its result. */
function expectValidTranscripts(): void {
  for (const name of readdirSync(sessionsDir()).filter((file) => file.endsWith(".jsonl"))) {
    const ids = new Set<string>();
    const open = new Set<string>();
    for (const line of readFileSync(join(sessionsDir(), name), "utf8").trimEnd().split("\n")) {
      const entry = JSON.parse(line) as {
        type: string;
        id: string;
        parentId: string | null;
        message?: { role: string; toolCallId?: string; content: { type: string; id: string }[]; stopReason?: string };
      };
      if (entry.type === "session") continue;
      expect(ids.has(entry.id), `${entry.id} twice`).toBe(false);
      expect(entry.parentId === null || ids.has(entry.parentId), `parent of ${line.slice(0, 200)}`).toBe(true);
      ids.add(entry.id);
      const { message } = entry;
      if (message?.role === "toolResult") open.delete(message.toolCallId ?? "");
      else if (message?.role === "assistant" && message.stopReason === "toolUse")
        for (const part of message.content) if (part.type === "toolCall") open.add(part.id);
    }
    expect([...open], `calls without a result in ${name}`).toEqual([]);
  }
}

/** Words for a person: what happened and what to do, no traces of the program. */
function expectSentence(text: string): void {
  expect(text).not.toMatch(/\n\s+at |undefined|\[object|TypeError|SyntaxError|<html/i);
  expect(text.length).toBeGreaterThan(20);
  expect(text.length).toBeLessThan(400);
}

describe("what people and clients send", () => {
  test("an empty text is refused over WebSocket and passed over on Telegram", async () => {
    const client = await connect(await start());
    await expect(
      client.request("chat.send", { sessionKey: "main", message: " \n\t", idempotencyKey: "empty" }),
    ).rejects.toThrow(/message or attachment required/);
    telegram.inject.dm({ from: ADA, text: "" });
    telegram.inject.dm({ from: ADA, text: " \u200b " });
    telegram.inject.dm({ from: ADA });
    await expectUsable(client, "empty");
    expectValidTranscripts();
  });

  test("a text of 1 MB is refused with the limit, on Telegram in the log and over WebSocket to its sender; a quarter of it is answered", async () => {
    const client = await connect(await start());
    const text = "a fox and a dog ".repeat(65_536);
    telegram.inject.dm({ from: 7002, text });
    await vi.waitFor(() => expect(lines.join("\n")).toMatch(/refused: text is longer than 1000000 characters/), 5_000);
    const refusal = await client
      .request("chat.send", { sessionKey: "main", message: text, idempotencyKey: "large" })
      .catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(Error);
    expect((refusal as Error).message).toMatch(/exceeds the gateway's limit of \d+ bytes/);
    telegram.inject.dm({ from: 7003, text: text.slice(0, 262_144) });
    await sentTo(7003, "heard 262");
    await expectUsable(await connect(running), "large");
    expect(said(7002)).toEqual([]);
    expectValidTranscripts();
  });

  test.each([
    ["colons", "agent:main:telegram:group:-1:topic:2"],
    ["slashes", "../../../../etc/passwd"],
    ["emoji", "🦞".repeat(20)],
    ["control characters", "a\u0000b\u001b[2Jc\r\n\u202egpj"],
    ["10 kB", "x".repeat(10_000)],
  ])(
    "names made of %s: answered, kept in their own place, and nothing of them reaches the terminal raw",
    async (_what, name) => {
      const client = await connect(await start());
      telegram.inject.dm({ from: { id: ADA, first_name: name, username: name }, text: "hello from a strange name" });
      await sentTo(ADA, "hello from a strange name");
      telegram.inject.group({
        from: { id: ADA, first_name: name },
        title: name,
        chatId: -100_500,
        text: "hello from a strange group",
      });
      await sentTo(-100_500, "hello from a strange group");
      const answer = await ask(client, "hello from a strange key", name).catch((error: Error) => ({
        text: error.message,
      }));
      expect(answer.text).toMatch(/hello from a strange key|sessionKey/);
      for (const raw of ["\u0000", "\u001b"]) expect(lines.join("\n")).not.toContain(raw);
      await expectUsable(client, "names");
      // Everything is in the state directory: one file for each session, none with a name of the sender's making.
      for (const file of readdirSync(sessionsDir())) expect(file).toMatch(/^[\w.-]{1,120}$/);
      expectValidTranscripts();
    },
  );

  test("a chat of an unknown type is passed over", async () => {
    const client = await connect(await start());
    const before = llm.calls().length;
    for (const chat of [{ id: 5, type: "saloon" }, { id: "x".repeat(10_000), type: "private" }, {}]) {
      telegram.inject.raw({
        message: { message_id: 1, date: 1, chat, from: { id: ADA, is_bot: false, first_name: "Ada" }, text: "hi" },
      });
    }
    telegram.inject.raw({ message: { message_id: 2, date: "yesterday", chat: { id: ADA, type: "private" }, text: 7 } });
    telegram.inject.raw({ hologram: { id: 1 } });
    await expectUsable(client, "saloon");
    expect(llm.calls().length - before).toBeLessThanOrEqual(4);
    expectValidTranscripts();
  });

  test("a clock that goes back an hour loses no message and no order", async () => {
    let offset = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
    const client = await connect(await start({ clock }));
    await expectUsable(client, "before");
    offset = -3_600_000;
    await expectUsable(client, "after");
    const { messages } = await client.request("chat.history", { sessionKey: "main" });
    const words = messages.flatMap(({ role, content }) =>
      role === "user" ? [content.map(({ text }) => text ?? "").join("")] : [],
    );
    expect(words).toEqual(
      ["are you there before", "and there before", "are you there after", "and there after"].map((text) =>
        expect.stringContaining(text),
      ),
    );
    const { sessions } = await client.request("sessions.list", {});
    expect(sessions[0]?.updatedAt).toBeGreaterThan(systemClock.now() - 60_000);
    expectValidTranscripts();
  });
});

describe("what stands on the disk", () => {
  test.each<[string, (path: string) => void, RegExp | undefined]>([
    [
      "lines of garbage",
      (path) => appendFileSync(path, 'not json\n\u0000\u0001\u0002\n{"type":"message"\n'),
      /line \d+ was dropped/,
    ],
    ["a last line that was cut", (path) => truncateSync(path, statSync(path).size - 40), /line \d+ was dropped/],
    [
      "double ids",
      (path) => appendFileSync(path, readFileSync(path, "utf8").split("\n").slice(1, 4).join("\n")),
      undefined,
    ],
    ["nothing", (path) => writeFileSync(path, ""), undefined],
    [
      "a folder of pictures",
      (path) => writeFileSync(path, Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")),
      /line \d+ was dropped/,
    ],
  ])(
    "a transcript with %s: what reads is kept, the rest named, the next message answered",
    async (_what, damage, named) => {
      const first = await start();
      await expectUsable(await connect(first), "one");
      await first.stop("stopping", { drainMs: 0 });
      const path = transcriptOf();
      damage(path);
      const client = await connect(await start());
      await expectUsable(client, "two");
      if (named) expect(lines.join("\n")).toMatch(named);
      const { messages } = await client.request("chat.history", { sessionKey: "main" });
      expect(JSON.stringify(messages)).toContain("are you there two");
      for (const line of readFileSync(path, "utf8").trimEnd().split("\n"))
        expect(() => JSON.parse(line) as unknown).not.toThrow();
    },
  );

  test.each(["", "{", "[]", '{"agent:main:main": 7}', "\u0000\u0000", "not json at all"])(
    "sessions.json with %j: the sessions come back from the store",
    async (text) => {
      const first = await start();
      await expectUsable(await connect(first), "one");
      await first.stop("stopping", { drainMs: 0 });
      writeFileSync(join(sessionsDir(), "sessions.json"), text);
      const client = await connect(await start());
      const { messages } = await client.request("chat.history", { sessionKey: "main" });
      expect(JSON.stringify(messages)).toContain("are you there one");
      await expectUsable(client, "two");
      expect(lines.join("\n")).toMatch(/sessions\.json.*as it was is .*\.bak\./);
    },
  );
});

test("sessions.json that cannot be read for a reason nobody foresaw: said in the log, and the gateway stays up", async () => {
  mkdirSync(sessionsDir(), { recursive: true });
  symlinkSync("sessions.json", join(sessionsDir(), "sessions.json"));
  const client = await connect(await start());
  await vi.waitFor(() => expect(lines.join("\n")).toMatch(/health summary could not be made: ELOOP/), 5_000);
  rmSync(join(sessionsDir(), "sessions.json"));
  await expectUsable(client, "afterwards");
});

describe("a model that", () => {
  const loop: ScriptedReply = callTool("read", { path: "AGENTS.md" });
  test.each<[string, (asked: number) => ScriptedReply, RegExp]>([
    ["refuses the key", () => fail(401), /scripted.*(key|credential|login|auth)/is],
    [
      "is asked too often",
      () => fail(429, "slow down", { "retry-after": "0" }),
      /scripted.*(limit|often|later|busy|minute)/is,
    ],
    ["is broken", () => fail(500), /scripted/i],
    ["answers a web page", () => ({ kind: "garbage" }), /scripted/i],
    [
      "streams garbage",
      () => ({
        kind: "garbage",
        contentType: "text/event-stream",
        body: 'data: {"choices":[{"delta":{"content":\n\ndata: ]]]\n\n',
      }),
      /scripted/i,
    ],
    ["stops midway", () => ({ kind: "truncated", text: "I was about to s" }), /scripted|about to s/i],
    ["hangs up midway", () => ({ kind: "reset", text: "I was about to s" }), /scripted|about to s/i],
    ["says nothing", () => ({ kind: "answer", text: "" }), /./],
    ["never answers", () => ({ kind: "stall", gate: createGate() }), /second|time|long/i],
    [
      "calls a tool that does not exist",
      (asked) => (asked < 2 ? callTool("teleport", { to: "moon" }) : say("I cannot do that, sorry.")),
      /cannot do that/,
    ],
    [
      "calls a tool with nonsense",
      (asked) => (asked < 2 ? callTool("read", "{{{") : say("I cannot read that, sorry.")),
      /cannot read that/,
    ],
    ["repeats one call for ever", () => loop, /read|repeat|loop|same/i],
  ])("%s: one sentence, a valid transcript, and the next message is answered", async (_what, script, told) => {
    const client = await connect(await start({ defaults: { timeoutSeconds: 3 } }));
    let asked = 0;
    llm.script(() => script(asked++));
    telegram.inject.dm({ from: ADA, text: "do something" });
    await vi.waitFor(() => expect(said().length).toBeGreaterThan(0), { timeout: 13_000, interval: 50 });
    const [sentence = ""] = said();
    expectSentence(sentence);
    expect(sentence).toMatch(told);
    // What the person is told stands in the log as well; an answer of the model's own needs no line.
    if (!/sorry/.test(sentence)) expect(lines.join("\n")).toMatch(/^turn [\w-]+ ended with (error|timeout): /m);
    expect(asked).toBeLessThan(60);
    await expectUsable(client, "afterwards");
    // Told once.
    expect(said()).toHaveLength(2);
    expectValidTranscripts();
  });
});

describe("/stop on Telegram", () => {
  const children = (mark: string) => {
    try {
      return execFileSync("pgrep", ["-f", `^sleep ${mark}$`], { encoding: "utf8" })
        .trim()
        .split("\n");
    } catch {
      return [];
    }
  };

  test("ends a long command with its process, and says so", async () => {
    const client = await connect(await start());
    const mark = `60.${process.pid}`;
    llm.enqueue(callTool("exec", { command: `sleep ${mark}` }));
    telegram.inject.dm({ from: ADA, text: "sleep a while" });
    await vi.waitFor(() => expect(children(mark)).toHaveLength(1), { timeout: 10_000, interval: 20 });
    const asked = performance.now();
    telegram.inject.dm({ from: ADA, text: "/stop" });
    await Promise.all([
      sentTo(ADA, "aborted"),
      vi.waitFor(() => expect(children(mark)).toEqual([]), { timeout: 10_000, interval: 10 }),
    ]);
    const elapsed = performance.now() - asked;
    console.log(`/stop of a command: ${elapsed.toFixed(0)} ms`);
    expect(elapsed).toBeLessThan(STOP_BOUND_MS);
    await expectUsable(client, "afterwards");
    expectValidTranscripts();
  });

  test("ends a model call that hangs, and says so", async () => {
    const client = await connect(await start());
    llm.script(() => ({ kind: "stall", gate: createGate() }));
    telegram.inject.dm({ from: ADA, text: "think" });
    const call = await llm.waitForCall();
    const asked = performance.now();
    telegram.inject.dm({ from: ADA, text: "/stop" });
    await Promise.all([
      sentTo(ADA, "aborted"),
      vi.waitFor(() => expect(call.aborted).toBe(true), { timeout: 10_000, interval: 5 }),
    ]);
    const elapsed = performance.now() - asked;
    console.log(`/stop of a model call: ${elapsed.toFixed(0)} ms`);
    expect(elapsed).toBeLessThan(STOP_BOUND_MS);
    await expectUsable(client, "afterwards");
    expectValidTranscripts();
  });
});
