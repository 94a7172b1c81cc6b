import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Transcript } from "@openclaw/core/sessions";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { createFakeClock } from "@openclaw/testkit";
import { callTool, createGate, say } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, eventsOf, shape } from "../../test/agent-fixture.ts";
import { createMemoryTranscript } from "./memory-transcript.ts";

function tool(name: string, execute: Tool["execute"], rest: Partial<Tool> = {}): Tool {
  return { name, label: name, description: name, parameters: { type: "object", properties: {} }, execute, ...rest };
}

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

/** A killed process that nobody has reaped yet counts as gone. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Every tool call of a transcript has exactly one result, directly after its message. */
function expectPaired(transcript: Transcript): void {
  const messages = transcript.branch().flatMap((entry) => (entry.message ? [entry.message] : []));
  messages.forEach((message, index) => {
    if (message.role !== "assistant" || !Array.isArray(message.content)) return;
    const calls = message.content.filter((block: { type: string }) => block.type === "toolCall") as { id: string }[];
    const results = messages.slice(index + 1, index + 1 + calls.length).map((result) => result["toolCallId"]);
    expect(results).toEqual(calls.map((call) => call.id));
  });
}

test("the user's message is in the transcript before the model is asked", async () => {
  await using fixture = await createAgentFixture();
  const transcript = createMemoryTranscript();
  const seen: string[][] = [];
  fixture.llm.script(() => {
    seen.push(shape(transcript));
    return say("ok");
  });
  await fixture.agent().run({ message: { text: "hi" }, transcript }).result;
  expect(seen).toEqual([["user"]]);
});

test("a steered message skips the remaining tool calls and is read by the next model call", async () => {
  await using fixture = await createAgentFixture();
  const gate = createGate();
  const ran: string[] = [];
  const tools = ["first", "second"].map((name) =>
    tool(name, async () => {
      ran.push(name);
      await gate.opened;
      return text(name);
    }),
  );
  fixture.llm.enqueue(
    {
      kind: "answer",
      toolCalls: [
        { name: "first", arguments: {} },
        { name: "second", arguments: {} },
      ],
    },
    say("changed course"),
  );
  const transcript = createMemoryTranscript();
  const turn = fixture.agent({ tools }).run({ message: { text: "go" }, transcript });
  for await (const event of turn) {
    if (event.stream === "tool" && event.data.phase === "start" && event.data.name === "first") {
      expect(turn.steer("stop that")).toBe(true);
      gate.open();
    }
  }
  const result = await turn.result;
  expect(ran).toEqual(["first"]);
  expect(fixture.llm.calls()[1]?.lastUserText).toBe("stop that");
  expect(JSON.stringify(fixture.llm.calls()[1]?.body)).toContain("Skipped due to queued user message.");
  expect(result.payloads).toEqual([{ text: "changed course" }]);
  expect(result.unread).toBeUndefined();
  expect(shape(transcript)).toEqual(["user", "assistant", "toolResult", "toolResult", "user", "assistant"]);
  expectPaired(transcript);
  expect(turn.steer("too late")).toBe(false);
});

test("a message steered while the last answer streams gets its own answer in the same turn", async () => {
  await using fixture = await createAgentFixture();
  const gate = createGate();
  fixture.llm.enqueue(say("one", gate, " two"), say("three"));
  const turn = fixture.agent().run("hi");
  for await (const event of turn) {
    if (event.stream === "assistant" && event.data.text === "one") {
      expect(turn.steer("and more")).toBe(true);
      gate.open();
    }
  }
  expect((await turn.result).payloads).toEqual([{ text: "one two" }, { text: "three" }]);
});

test("an abort ends a running command and the turn within 250 ms and leaves a valid transcript", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue({
    kind: "answer",
    toolCalls: [
      { name: "exec", arguments: { command: "(sleep 61 & echo $! > child.pid; trap '' TERM; sleep 62); sleep 63" } },
      { name: "exec", arguments: { command: "touch never" } },
    ],
  });
  const stop = new AbortController();
  const transcript = createMemoryTranscript();
  const turn = fixture.agent().run({ message: { text: "go" }, transcript, signal: stop.signal });
  while (
    !readdirSync(fixture.stateDir).includes("workspace") ||
    !readdirSync(fixture.workspace).includes("child.pid")
  ) {
    await delay(10);
  }
  await delay(30);
  const started = performance.now();
  stop.abort();
  const result = await turn.result;
  expect(performance.now() - started).toBeLessThan(250);
  expect(result.status).toBe("aborted");
  expect(result.error).toBeUndefined();
  expectPaired(transcript);
  expect(readdirSync(fixture.workspace)).not.toContain("never");
  await delay(150);
  const pid = Number(readFileSync(join(fixture.workspace, "child.pid"), "utf8"));
  expect(isRunning(pid)).toBe(false);
});

test("an abort while the model streams keeps what was said and closes the request", async () => {
  await using fixture = await createAgentFixture();
  const stop = new AbortController();
  fixture.llm.enqueue(say("half an", createGate()));
  const transcript = createMemoryTranscript();
  const turn = fixture.agent().run({ message: { text: "go" }, transcript, signal: stop.signal });
  const events = [];
  for await (const event of turn) {
    events.push(event);
    if (event.stream === "assistant") stop.abort();
  }
  const result = await turn.result;
  expect(result).toMatchObject({ status: "aborted", payloads: [{ text: "half an" }] });
  expect(events.at(-1)).toMatchObject({ stream: "lifecycle", data: { phase: "end" } });
  const last = transcript.branch().at(-1)?.message;
  expect(last).toMatchObject({
    role: "assistant",
    stopReason: "aborted",
    content: [{ type: "text", text: "half an" }],
  });
});

test("an abort while a model is still looked for ends the turn at once and keeps the message", async () => {
  await using fixture = await createAgentFixture();
  const slow = createServer(() => {});
  await new Promise<void>((resolve) => void slow.listen(0, "127.0.0.1", resolve));
  const { port } = slow.address() as AddressInfo;
  const localPorts = { ollama: port, lmstudio: 0, llamacpp: 0, vllm: 0, litellm: 0 };
  const agent = fixture.agent({ config: {}, env: {}, localPorts });
  const stop = new AbortController();
  const transcript = createMemoryTranscript();
  const asked = once(slow, "request");
  const turn = agent.run({ message: { text: "hi" }, transcript, signal: stop.signal });
  await asked;
  const started = performance.now();
  stop.abort();
  expect((await turn.result).status).toBe("aborted");
  expect(performance.now() - started).toBeLessThan(100);
  expect(shape(transcript)).toEqual(["user"]);
  slow.close();
  slow.closeAllConnections();
});

test("a tool that ignores its signal does not hold the turn", async () => {
  await using fixture = await createAgentFixture();
  const stop = new AbortController();
  const deaf = tool("deaf", () => new Promise(() => stop.abort()));
  fixture.llm.enqueue(callTool("deaf"));
  const transcript = createMemoryTranscript();
  const turn = fixture.agent({ tools: [deaf] }).run({ message: { text: "go" }, transcript, signal: stop.signal });
  const started = performance.now();
  expect((await turn.result).status).toBe("aborted");
  expect(performance.now() - started).toBeLessThan(2000);
  expectPaired(transcript);
});

test("a turn that takes too long ends with a sentence", async () => {
  await using fixture = await createAgentFixture();
  const clock = createFakeClock();
  fixture.llm.enqueue({ kind: "stall", gate: createGate() });
  const turn = fixture.agent({ clock }).run({ message: { text: "go" }, timeoutMs: 5000 });
  await fixture.llm.waitForCall();
  await clock.advance(5000);
  await clock.advance(1000);
  const result = await turn.result;
  expect(result.status).toBe("timeout");
  expect(result.payloads[0]?.text).toMatch(/longer than 5 s/);
});

test("an interrupted turn is resumed: open calls are answered, safe ones run again", async () => {
  await using fixture = await createAgentFixture();
  const transcript = createMemoryTranscript();
  transcript.appendMessage({ role: "user", content: [{ type: "text", text: "go" }], timestamp: 1 });
  transcript.appendMessage({
    role: "assistant",
    content: [
      { type: "toolCall", id: "a", name: "look", arguments: {} },
      { type: "toolCall", id: "b", name: "send", arguments: {} },
    ],
    api: "openai-completions",
    provider: "scripted",
    model: "one",
    usage: {
      input: 1,
      output: 1,
      cacheRead: 0,
      cacheWrite: 0,
      totalTokens: 2,
      cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
    },
    stopReason: "toolUse",
    timestamp: 2,
  });
  const ran: string[] = [];
  const run = (name: string) => () => {
    ran.push(name);
    return Promise.resolve(text(`${name} result`));
  };
  const tools = [tool("look", run("look"), { replay: "safe" }), tool("send", run("send"))];
  fixture.llm.enqueue(say("finished"));
  const result = await fixture.agent({ tools }).run({ transcript }).result;
  expect(result.payloads).toEqual([{ text: "finished" }]);
  expect(ran).toEqual(["look"]);
  const results = fixture.llm.calls()[0]?.toolResults;
  expect(results?.[0]?.text).toBe("look result");
  expect(results?.[1]?.text).toContain("outcome is unknown");
  expectPaired(transcript);
});

test("resuming a turn whose answer was already written asks no model", async () => {
  await using fixture = await createAgentFixture();
  const transcript = createMemoryTranscript();
  const agent = fixture.agent();
  await agent.run({ message: { text: "hi" }, transcript }).result;
  const again = await agent.run({ transcript }).result;
  expect(fixture.llm.calls()).toHaveLength(1);
  expect(again.status).toBe("ok");
  expect(again.payloads).toEqual([{ text: "hi" }]);
});

test("a model that repeats one call for ever is stopped", async () => {
  await using fixture = await createAgentFixture({ script: () => callTool("look", { at: "x" }) });
  let ran = 0;
  const look = tool("look", () => Promise.resolve(text(String(++ran))));
  const transcript = createMemoryTranscript();
  const result = await fixture.agent({ tools: [look] }).run({ message: { text: "go" }, transcript }).result;
  expect(result).toMatchObject({ status: "error", error: { code: "TURN_LOOP" } });
  expect(result.payloads.at(-1)?.text).toContain("the same look call 7 times");
  expect(ran).toBe(3);
  expect(fixture.llm.calls()).toHaveLength(7);
  expectPaired(transcript);
});

test("a model that only asks for tools that do not exist is stopped", async () => {
  let n = 0;
  await using fixture = await createAgentFixture({ script: () => callTool(`imaginary_${n++}`, { n }) });
  const result = await fixture.agent().run("go").result;
  expect(result.error?.message).toMatch(/tool calls failed one after the other/);
});

test("unknown tools and wrong arguments are told to the model, which then answers", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue(callTool("nope"), callTool("read", { file: 1 }), callTool("read", '{"path": "a'), say("sorry"));
  const transcript = createMemoryTranscript();
  const result = await fixture.agent().run({ message: { text: "go" }, transcript }).result;
  expect(result.payloads).toEqual([{ text: "sorry" }]);
  expect(fixture.llm.calls()[1]?.toolResults[0]?.text).toContain("Tool nope not found");
  expect(fixture.llm.calls()[2]?.toolResults[0]?.text).toContain("path");
  expectPaired(transcript);
});

test("tool calls without an id, or with one used twice, still get paired results", async () => {
  await using fixture = await createAgentFixture();
  const call = { name: "look", arguments: {}, id: "same" };
  fixture.llm.enqueue(
    { kind: "answer", toolCalls: [call, { ...call, arguments: { n: 2 } }, { ...call, id: "", arguments: { n: 3 } }] },
    say("ok"),
  );
  const transcript = createMemoryTranscript();
  const look = tool("look", () => Promise.resolve(text("seen")));
  const result = await fixture.agent({ tools: [look] }).run({ message: { text: "go" }, transcript }).result;
  expect(result.status).toBe("ok");
  expectPaired(transcript);
});

test("an empty answer is told to the person", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue({ kind: "answer" });
  const result = await fixture.agent().run("hi").result;
  expect(result).toMatchObject({ status: "error", error: { code: "MODEL_EMPTY" } });
});

test("a long tool result is cut for the model and kept whole on disk", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue(callTool("exec", { command: "seq 1 20000" }, "call_long"), say("ok"));
  await fixture.agent().run("go").result;
  const seen = fixture.llm.calls()[1]?.toolResults[0]?.text ?? "";
  expect(seen.length).toBeLessThan(50_000);
  expect(seen).toContain("20000");
  const file = join(fixture.stateDir, "agents", "main", "tool-output", "call_long.txt");
  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(20_000);
});

test("events come in order: start, thinking, text, tool, end", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue(
    { kind: "answer", thinking: "hmm", text: "let me see", toolCalls: [{ name: "look", arguments: { a: 1 } }] },
    say("done"),
  );
  const look = tool("look", (_params, context) => {
    context.update(text("half"));
    return Promise.resolve({ ...text("seen"), details: { n: 1 } });
  });
  const turn = fixture.agent({ tools: [look] }).run("go");
  const names = (await eventsOf(turn)).map(
    (event) => `${event.stream}${"phase" in event.data ? `:${event.data.phase}` : ""}`,
  );
  expect(names).toEqual([
    "lifecycle:start",
    "thinking",
    "assistant",
    "tool:start",
    "tool:update",
    "tool:result",
    "assistant",
    "lifecycle:end",
  ]);
  const result = await turn.result;
  expect(result.payloads).toEqual([{ text: "let me see" }, { text: "done" }]);
  expect(result.attempts).toHaveLength(2);
});
