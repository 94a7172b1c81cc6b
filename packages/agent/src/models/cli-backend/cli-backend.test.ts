import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssistantMessageEvent, Message, SimpleStreamOptions } from "@earendil-works/pi-ai";
import { normalizeContext } from "@earendil-works/pi-ai/utils/transcript";
import { systemClock } from "@openclaw/core";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cliBackend, cliModel, type CliBackend } from "./cli-backend.ts";
import { createCliStream } from "./cli-stream.ts";

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "cli-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A program that notes how it was called and does what its script says. */
function fakeCli(script: string): string {
  const path = join(dir, "fake-cli.mjs");
  writeFileSync(
    path,
    `#!${process.execPath}
import fs from "node:fs";
const args = process.argv.slice(2);
const input = fs.readFileSync(0, "utf8");
const images = args.filter((arg) => /\\.png$/.test(arg) && fs.existsSync(arg)).map((arg) => fs.readFileSync(arg, "utf8"));
fs.appendFileSync(${JSON.stringify(join(dir, "calls.jsonl"))}, JSON.stringify({ args, input, images, env: process.env, cwd: process.cwd() }) + "\\n");
${script}
`,
    { mode: 0o755 },
  );
  return path;
}

interface Call {
  args: string[];
  input: string;
  images: string[];
  env: Record<string, string>;
  cwd: string;
}

const calls = (): Call[] =>
  readFileSync(join(dir, "calls.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Call);

function stream(name: string, settings: CliBackend, clock = systemClock) {
  const backend = cliBackend(name, { [name]: settings })!;
  const run = createCliStream({
    backend,
    env: { PATH: process.env["PATH"], ANTHROPIC_API_KEY: "canary", OPENAI_API_KEY: "canary", HOME: dir },
    dir: join(dir, "work"),
    clock,
  });
  const model = cliModel({ provider: name, model: "claude-opus-4-6" }, backend);
  return async (messages: Message[], options: SimpleStreamOptions = {}) => {
    const events: AssistantMessageEvent[] = [];
    for await (const event of run(model, normalizeContext({ messages, systemPrompt: "be kind" }), options)) {
      events.push(event);
    }
    const last = events.at(-1)!;
    if (last.type !== "done") throw new Error(`ended with ${last.type}`);
    return { events, message: last.message };
  };
}

const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }], timestamp: 0 });

test("claude-cli needs no settings: no tools, its own sign-in, a session that goes on", async () => {
  const command = fakeCli(`
    const id = args[args.indexOf(args.includes("--resume") ? "--resume" : "--session-id") + 1];
    console.log(JSON.stringify({ type: "result", result: "said: " + input, session_id: id, is_error: false,
      usage: { input_tokens: 7, output_tokens: 3, cache_read_input_tokens: 5 } }));`);
  const ask = stream("claude-cli", { command });
  const first = await ask([user("hello")]);
  expect(first.events.map((event) => event.type)).toEqual(["start", "text_start", "text_delta", "text_end", "done"]);
  expect(first.message).toMatchObject({
    content: [{ type: "text", text: "said: hello" }],
    provider: "claude-cli",
    usage: { input: 7, output: 3, cacheRead: 5, totalTokens: 15 },
  });
  await ask([user("hello"), first.message, user("and now?")]);
  const [begun, resumed] = calls();
  const expected = [
    ["-p", "--output-format", "json", "--tools", "", "--strict-mcp-config"],
    ["--session-id", first.message.responseId],
    ["--model", "opus"],
    ["--append-system-prompt", "be kind\n\nYou have no tools in this conversation. Answer in text."],
  ];
  expect(begun!.args).toEqual(expected.flat());
  expect(begun!.env["ANTHROPIC_API_KEY"]).toBeUndefined();
  expect(begun!.env["OPENAI_API_KEY"]).toBeUndefined();
  expect(begun!.cwd).toBe(join(dir, "work"));
  expect(resumed!.args.slice(-4)).toEqual(["--resume", first.message.responseId, "--model", "opus"]);
  expect(resumed!.input).toBe("and now?");
});

test("a program that steps in midway is told what was said before", async () => {
  const ask = stream("my-cli", { command: fakeCli('console.log("ok")'), input: "stdin" });
  const other = { ...(await ask([user("x")])).message, provider: "anthropic" };
  await ask([user("my name is Ada"), other, user("who am I?")]);
  expect(calls()[1]!.input).toMatch(
    /so far:\n\nUser: my name is Ada\n\nAssistant: ok\n\nAnswer this message:\n\nwho am I\?/,
  );
});

test("a message that looks like an option stays a message, and a long one goes to standard input", async () => {
  const ask = stream("my-cli", { command: fakeCli('console.log("ok")'), args: ["--json"], maxPromptArgChars: 50 });
  await ask([user("--dangerously-skip-permissions")]);
  await ask([user("x".repeat(51))]);
  expect(calls().map(({ args, input }) => [args, input.length])).toEqual([
    [["--json", "\n--dangerously-skip-permissions"], 0],
    [["--json"], 51],
  ]);
});

test("images are handed over as files that are gone afterwards", async () => {
  const image = { type: "image" as const, data: Buffer.from("pixels").toString("base64"), mimeType: "image/png" };
  const message: Message = { role: "user", content: [{ type: "text", text: "what?" }, image, image], timestamp: 0 };
  await stream("my-cli", { command: fakeCli('console.log("a cat")'), imageArg: "--image" })([message]);
  await stream("my-cli", { command: join(dir, "fake-cli.mjs"), imageArg: "--images", imageMode: "list" })([message]);
  const [repeated, listed] = calls();
  expect(repeated!.images).toEqual(["pixels", "pixels"]);
  expect(repeated!.args.filter((arg) => arg === "--image")).toHaveLength(2);
  expect(listed!.args[1]!.split(",")).toHaveLength(2);
  expect(readdirSync(join(dir, "work"))).toEqual([]);
});

test("lines of JSON: the last message is the answer, the session id may stand anywhere", async () => {
  const command = fakeCli(`
    for (const line of [{ type: "thread.started", thread_id: "t-1" },
      { type: "item.completed", item: { type: "reasoning", text: "hmm" } },
      { type: "item.completed", item: { type: "agent_message", text: "forty-two" } },
      { type: "turn.completed", usage: { input_tokens: 1, output_tokens: 2 } }]) console.log(JSON.stringify(line));`);
  const settings: CliBackend = { command, output: "jsonl", sessionMode: "existing", sessionArg: "--session" };
  const { message } = await stream("my-cli", settings)([user("?")]);
  expect(message).toMatchObject({ content: [{ text: "forty-two" }], responseId: "t-1" });
  await stream("my-cli", settings)([user("?"), message, user("why?")]);
  expect(calls()[1]!.args).toEqual(["--session", "t-1", "why?"]);
});

test("what the program says of its failure is told", async () => {
  const broken = stream("my-cli", { command: fakeCli('console.error("Invalid API key"); process.exit(3)') });
  await expect(broken([user("hi")])).rejects.toThrow(/failed \(exit 3\): Invalid API key/);
  const refused = stream("my-cli", {
    command: fakeCli('console.log(JSON.stringify({ is_error: true, result: "usage limit reached" }))'),
    output: "json",
  });
  await expect(refused([user("hi")])).rejects.toThrow(/usage limit reached/);
  const missing = stream("my-cli", { command: join(dir, "nothing") });
  await expect(missing([user("hi")])).rejects.toMatchObject({ code: "CLI_BACKEND_MISSING" });
});

test("an abort ends the program and its children within 250 ms; a silent one is given up in time", async () => {
  const command = fakeCli(`
    process.on("SIGTERM", () => {});
    const { spawn } = await import("node:child_process");
    const child = spawn("sleep", ["30"], { stdio: "ignore" });
    fs.writeFileSync(${JSON.stringify(join(dir, "started"))}, String(child.pid));
    setInterval(() => {}, 1000);`);
  const abort = new AbortController();
  const asked = stream("my-cli", { command })([user("hi")], { signal: abort.signal });
  asked.catch(() => {});
  await expect.poll(() => existsSync(join(dir, "started")), { timeout: 5000 }).toBe(true);
  const at = performance.now();
  abort.abort(new Error("stopped"));
  await expect(asked).rejects.toThrow("stopped");
  expect(performance.now() - at).toBeLessThan(250);
  const pid = Number(readFileSync(join(dir, "started"), "utf8"));
  await expect.poll(() => isAlive(pid)).toBe(false);

  rmSync(join(dir, "started"));
  const clock = createFakeClock();
  const slow = stream("my-cli", { command, timeoutSeconds: 30 }, clock)([user("hi")]);
  slow.catch(() => {});
  await expect.poll(() => existsSync(join(dir, "started")), { timeout: 5000 }).toBe(true);
  await clock.advance(30_100);
  await expect(slow).rejects.toMatchObject({ code: "CLI_BACKEND_TIMEOUT", details: { failure: "timeout" } });
}, 20_000);

test("a backend that serializes runs one call at a time", async () => {
  const command = fakeCli(`
    const lock = ${JSON.stringify(join(dir, "inside"))};
    if (fs.existsSync(lock)) { console.log("overlap"); process.exit(0); }
    fs.writeFileSync(lock, "");
    await new Promise((resolve) => setTimeout(resolve, 30));
    fs.rmSync(lock);
    console.log("alone");`);
  const ask = stream("my-cli", { command, serialize: true });
  const answers = await Promise.all([ask([user("1")]), ask([user("2")])]);
  expect(answers.map(({ message }) => message.content)).toMatchObject([[{ text: "alone" }], [{ text: "alone" }]]);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
