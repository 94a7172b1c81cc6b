import { readFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog, systemClock } from "@openclaw/core";
import { openTranscript, type Transcript } from "@openclaw/core/sessions";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { callTool, fail, say, type LlmCall, type ScriptedReply } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, eventsOf, type AgentFixture } from "../../test/agent-fixture.ts";
import { createMemoryLedger } from "../budget/usage-ledger.ts";
import type { AgentOptions } from "../types.ts";

const WINDOW = 20_000;

/** An agent whose model has a small window; memory flushes off unless asked for. */
function smallAgent(
  fixture: AgentFixture,
  options: { defaults?: Record<string, unknown>; rest?: Omit<Partial<AgentOptions>, "config"> } = {},
) {
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [
      { id: "one", contextWindow: WINDOW },
      { id: "two", contextWindow: WINDOW },
    ],
  };
  const { compaction, ...defaults } = options.defaults ?? {};
  return fixture.agent({
    config: {
      agents: {
        defaults: {
          model: "scripted/one",
          skipBootstrap: true,
          contextPruning: { mode: "off" },
          compaction: { memoryFlush: { enabled: false }, ...(compaction as object) },
          ...defaults,
        },
      },
      models: { providers: { scripted: provider } },
    },
    ...options.rest,
  });
}

const transcriptIn = (fixture: AgentFixture): Transcript =>
  openTranscript({
    path: join(fixture.stateDir, "session.jsonl"),
    sessionId: "s1",
    cwd: fixture.workspace,
    clock: systemClock,
  });

const compactions = (transcript: Transcript) => transcript.branch().filter(({ type }) => type === "compaction");
const isSummary = (call: LlmCall) => call.system.startsWith("You condense");
const filler = (words: string) => `${words} ${"lorem ipsum ".repeat(700)}`;

/** Messages of a request as one text. */
const sent = (call: LlmCall) => JSON.stringify(call.body["messages"]);

test("a conversation that outgrows the window goes on with a summary and a checkpoint", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.script((call) => (isSummary(call) ? say("SUMMARY: Ada builds a shed.") : say("noted")));
  const agent = smallAgent(fixture);
  const transcript = transcriptIn(fixture);
  const streams: unknown[] = [];
  const messages = [
    "My door code is 4711.",
    ...Array.from({ length: 6 }, (_, index) => filler(`Part ${index}.`)),
    "And now?",
  ];
  for (const text of messages) {
    const turn = agent.run({ message: { text }, transcript });
    streams.push(...(await eventsOf(turn)).filter(({ stream }) => stream === "compaction"));
    expect((await turn.result).status).toBe("ok");
  }
  expect(streams.length).toBeGreaterThanOrEqual(2);
  expect(streams.slice(0, 2)).toMatchObject([
    { data: { phase: "start" } },
    {
      data: {
        phase: "end",
        willRetry: false,
        by: "model",
        tokensBefore: expect.any(Number),
        tokensAfter: expect.any(Number),
      },
    },
  ]);
  const last = fixture.llm.calls().at(-1)!;
  expect(sent(last)).toContain("SUMMARY: Ada builds a shed.");
  expect(sent(last)).toContain("My door code is 4711.");
  expect(sent(last).length / 4).toBeLessThan(WINDOW / 2 + 2000);

  const lines = readFileSync(transcript.path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const entry = lines.find(({ type }) => type === "compaction")!;
  expect(entry).toMatchObject({
    summary: expect.stringContaining("SUMMARY"),
    firstKeptEntryId: expect.stringMatching(/^[0-9a-f]{8}$/),
    tokensBefore: expect.any(Number),
    details: { readFiles: [], modifiedFiles: [] },
    fromHook: false,
  });
  // The checkpoint is on disk before the model is asked for a summary.
  const checkpoint = lines.findIndex(({ customType }) => customType === "openclaw.checkpoint");
  expect(checkpoint).toBe(lines.indexOf(entry) - 1);
  expect(lines[checkpoint]).toMatchObject({ data: { said: expect.arrayContaining(["My door code is 4711."]) } });
});

test("facts of the checkpoint survive several compactions in a row, also when summaries forget them", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.script((call) => (isSummary(call) ? say("We talked.") : say("noted")));
  const agent = smallAgent(fixture);
  const transcript = transcriptIn(fixture);
  let count = 0;
  for (let index = 0; index < 14; index++) {
    const text = index === 0 ? "Remember: the train leaves at 7:42 from platform 9." : filler(`Part ${index}.`);
    count += (await agent.run({ message: { text }, transcript }).result).compactions ?? 0;
  }
  expect(count).toBeGreaterThanOrEqual(3);
  expect(sent(fixture.llm.calls().at(-1)!)).toContain("7:42 from platform 9");
});

test("a model that fails to summarise leaves a checkpoint, and the question is answered", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.script((call) => (isSummary(call) ? fail(400, "no summaries today") : say("noted")));
  const agent = smallAgent(fixture);
  const transcript = transcriptIn(fixture);
  for (let index = 0; index < 6; index++) {
    const result = await agent.run({ message: { text: filler(`Fact ${index}.`) }, transcript }).result;
    expect(result).toMatchObject({ status: "ok", payloads: [{ text: "noted" }] });
  }
  expect(compactions(transcript)[0]).toMatchObject({
    summary: expect.stringMatching(/No summary could be written[^]*Fact 0\./),
  });
});

test("compaction in the middle of a long tool run keeps question, calls and results in order", async () => {
  await using fixture = await createAgentFixture();
  let round = 0;
  fixture.llm.script((call) =>
    isSummary(call) ? say("Looked at things.") : ++round <= 12 ? callTool("look", { round }) : say("finished"),
  );
  const look: Tool = {
    name: "look",
    label: "look",
    description: "look",
    parameters: { type: "object", properties: { round: { type: "integer" } } },
    execute: () => Promise.resolve({ content: [{ type: "text", text: "r".repeat(9_000) }] }),
  };
  const transcript = transcriptIn(fixture);
  const result = await smallAgent(fixture, { rest: { tools: [look] } }).run({
    message: { text: "Look twelve times." },
    transcript,
    runId: "run-1",
  }).result;
  expect(result).toMatchObject({ status: "ok", payloads: [{ text: "finished" }] });
  expect(result.compactions).toBeGreaterThanOrEqual(1);
  // A turn that is taken up again is recognised although its question is in the summary.
  expect(transcript.branch().some((entry) => entry["runId"] === "run-1")).toBe(true);
  for (const call of fixture.llm.calls().filter((one) => !isSummary(one))) {
    const messages = call.body["messages"] as { role: string; tool_calls?: { id: string }[]; tool_call_id?: string }[];
    expect(sent(call)).toContain("Look twelve times.");
    const open = new Set<string>();
    for (const message of messages) {
      for (const { id } of message.tool_calls ?? []) open.add(id);
      if (message.role === "tool") expect(open.delete(message.tool_call_id!)).toBe(true);
    }
    expect(open.size).toBe(0);
  }
});

const overflow = fail(400, "prompt is too long: 90000 tokens > 20000 maximum");

test("a prompt that a provider refuses as too long is compacted and sent again", async () => {
  await using fixture = await createAgentFixture();
  const agent = smallAgent(fixture);
  const transcript = transcriptIn(fixture);
  fixture.llm.script(() => say("noted"));
  for (let index = 0; index < 3; index++)
    await agent.run({ message: { text: filler(`Part ${index}.`) }, transcript }).result;
  let refused = 0;
  fixture.llm.script((call) => (isSummary(call) ? say("short") : refused++ === 0 ? overflow : say("here")));
  const turn = agent.run({ message: { text: "Go on." }, transcript });
  const events = await eventsOf(turn);
  expect(await turn.result).toMatchObject({ status: "ok", payloads: [{ text: "here" }], compactions: 1 });
  expect(events.filter(({ stream }) => stream === "compaction").at(-1)).toMatchObject({
    data: { phase: "end", willRetry: true },
  });
});

test("a prompt that stays too long is tried three times more, then a sentence says what to do", async () => {
  await using fixture = await createAgentFixture();
  const agent = smallAgent(fixture);
  const transcript = transcriptIn(fixture);
  fixture.llm.script(() => say("noted"));
  for (let index = 0; index < 4; index++)
    await agent.run({ message: { text: filler(`Part ${index}.`) }, transcript }).result;
  const before = fixture.llm.calls().length;
  fixture.llm.script((call) => (isSummary(call) ? say("short") : overflow));
  const result = await agent.run({ message: { text: "Go on." }, transcript }).result;
  expect(result).toMatchObject({ status: "error", error: { code: "MODEL_CONTEXT_OVERFLOW" } });
  expect(result.payloads.at(-1)?.text).toMatch(/even after I summarised.*\/new/);
  const asked = fixture.llm
    .calls()
    .slice(before)
    .filter((call) => !isSummary(call));
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.length).toBeLessThanOrEqual(4);
  // The next message is answered as if nothing had been.
  fixture.llm.script(() => say("again"));
  expect(await agent.run({ message: { text: "Hello?" }, transcript }).result).toMatchObject({
    status: "ok",
    payloads: [{ text: "again" }],
  });
});

test("a compaction that is killed after its checkpoint leaves the conversation whole", async () => {
  await using fixture = await createAgentFixture();
  const agent = smallAgent(fixture);
  const transcript = transcriptIn(fixture);
  const stop = new AbortController();
  fixture.llm.script((call): ScriptedReply => {
    if (isSummary(call)) stop.abort();
    return say("noted");
  });
  let asked = 0;
  for (let status = "ok"; status === "ok"; asked++) {
    const turn = agent.run({ message: { text: filler(`Part ${asked}.`) }, transcript, signal: stop.signal });
    ({ status } = await turn.result);
  }
  expect(stop.signal.aborted).toBe(true);
  expect(compactions(transcript)).toHaveLength(0);
  expect(transcript.branch().some((entry) => entry["customType"] === "openclaw.checkpoint")).toBe(true);
  const again = openTranscript({
    path: transcript.path,
    sessionId: "s1",
    cwd: fixture.workspace,
    clock: systemClock,
  });
  expect(again.messages().filter(({ role }) => role === "user")).toHaveLength(asked);
  fixture.llm.script((call) => (isSummary(call) ? say("short") : say("here")));
  expect(await agent.run({ transcript: again }).result).toMatchObject({ status: "ok", payloads: [{ text: "here" }] });
});

test("/compact summarises on demand with the given attention, and says how much was gained", async () => {
  await using fixture = await createAgentFixture();
  const agent = smallAgent(fixture);
  const transcript = transcriptIn(fixture);
  fixture.llm.script((call) => (isSummary(call) ? say("All about plants.") : say("noted")));
  for (let index = 0; index < 2; index++)
    await agent.run({ message: { text: filler(`Part ${index}.`) }, transcript }).result;
  const done = await agent.compact({ transcript, instructions: "the plants" });
  expect(done).toMatchObject({ compacted: true, by: "model", contextWindow: WINDOW });
  expect(done.tokensAfter).toBeLessThan(done.tokensBefore);
  expect(fixture.llm.calls().at(-1)!.lastUserText).toContain("the plants");
  expect(await agent.compact({ transcript })).toMatchObject({ compacted: false });
});

test("safeguard summarises a very long history part by part, each going on from the one before", async () => {
  await using fixture = await createAgentFixture();
  const agent = smallAgent(fixture, {
    defaults: { compaction: { mode: "safeguard", memoryFlush: { enabled: false } } },
  });
  const transcript = transcriptIn(fixture);
  for (let index = 0; index < 12; index++) {
    transcript.appendMessage({ role: "user", content: filler(`Old ${index}.`), timestamp: index });
    transcript.appendMessage({ role: "assistant", content: [{ type: "text", text: "ok" }], timestamp: index });
  }
  let part = 0;
  fixture.llm.script((call) => (isSummary(call) ? say(`summary ${++part}`) : say("here")));
  expect(await agent.run({ message: { text: "Go on." }, transcript }).result).toMatchObject({ status: "ok" });
  const asked = fixture.llm.calls().filter(isSummary);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked[1]!.lastUserText).toContain("summary 1");
  for (const call of asked) expect(sent(call).length / 4).toBeLessThan(WINDOW);
  expect(compactions(transcript)[0]).toMatchObject({ summary: expect.stringContaining(`summary ${asked.length}`) });
});

test("before a compaction the model may write memories, once, and nobody sees it", async () => {
  await using fixture = await createAgentFixture();
  const ledger = createMemoryLedger();
  const flush = { enabled: true, softThresholdTokens: 3000 };
  const agent = smallAgent(fixture, { defaults: { compaction: { memoryFlush: flush } }, rest: { usage: ledger } });
  const transcript = transcriptIn(fixture);
  const isFlush = (call: LlmCall) => call.system.includes("about to be summarised");
  fixture.llm.script((call) => {
    if (isSummary(call)) return say("short");
    if (!isFlush(call)) return say("noted");
    return call.toolResults.length > 0
      ? say("NO_REPLY")
      : callTool("write", { path: "memory/today.md", content: "Ada likes tea." });
  });
  const events: string[] = [];
  for (let index = 0; index < 5; index++) {
    const turn = agent.run({ message: { text: filler(`Part ${index}.`) }, transcript });
    for (const event of await eventsOf(turn)) events.push(event.stream);
    expect((await turn.result).payloads).toEqual([{ text: "noted" }]);
  }
  expect(readFileSync(join(fixture.workspace, "memory/today.md"), "utf8")).toBe("Ada likes tea.");
  const kinds = readFileSync(transcript.path, "utf8")
    .split("\n")
    .flatMap((line) => /"type":"compaction"|openclaw\.memory-flush/.exec(line)?.[0] ?? []);
  expect(kinds.length).toBeGreaterThanOrEqual(2);
  // Never two of a kind in a row: one flush, its compaction, the next flush.
  for (const [index, kind] of kinds.entries()) expect(kind).not.toBe(kinds[index + 1]);
  expect(kinds[0]).toBe("openclaw.memory-flush");
  expect(events).not.toContain("tool");
  expect(JSON.stringify(transcript.branch())).not.toContain("NO_REPLY");
  expect(ledger.records.map(({ purpose }) => purpose)).toContain("memory-flush");
});

test.each([
  ["a heartbeat", { cause: "heartbeat" as const }, {}],
  ["a sub-agent", { promptMode: "minimal" as const }, {}],
  ["a sandbox that cannot write the workspace", {}, { sandbox: { mode: "all", workspaceAccess: "ro" } }],
])("no memories are written for %s", async (_name, input, defaults) => {
  await using fixture = await createAgentFixture();
  const agent = smallAgent(fixture, {
    defaults: { compaction: { memoryFlush: { enabled: true, softThresholdTokens: 9_000 } }, ...defaults },
  });
  const transcript = transcriptIn(fixture);
  for (let index = 0; index < 2; index++)
    await agent.run({ message: { text: filler(`Part ${index}.`) }, transcript, ...input }).result;
  expect(fixture.llm.calls().filter((call) => call.system.includes("about to be summarised"))).toEqual([]);
  expect(transcript.branch().some((entry) => entry["customType"] === "openclaw.memory-flush")).toBe(false);
});

test("old tool results are left out of what is sent, not of what is stored", async () => {
  await using fixture = await createAgentFixture();
  const agent = smallAgent(fixture, { defaults: { contextPruning: { mode: "aggressive", keepLastAssistants: 1 } } });
  const transcript = transcriptIn(fixture);
  fixture.llm.enqueue(callTool("session_status"), say("one"), say("two"));
  await agent.run({ message: { text: "When is it?" }, transcript }).result;
  await agent.run({ message: { text: "And now?" }, transcript }).result;
  expect(sent(fixture.llm.calls()[1]!)).toContain("Time:");
  expect(sent(fixture.llm.calls()[2]!)).toContain("[Old tool result content cleared]");
  expect(sent(fixture.llm.calls()[2]!)).not.toContain("Time:");
  expect(JSON.stringify(transcript.branch())).toContain("Time:");
});

test("an image that no provider takes is named instead of being sent", async () => {
  await using fixture = await createAgentFixture();
  const big = "A".repeat(7_200_000);
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one", input: ["text", "image"] }],
  };
  const agent = fixture.agent({
    config: {
      agents: { defaults: { model: "scripted/one", skipBootstrap: true } },
      models: { providers: { scripted: provider } },
    },
    log: silentLog,
  });
  await agent.run({ message: { text: "See?", images: [{ data: big, mimeType: "image/png" }] } }).result;
  expect(sent(fixture.llm.calls()[0]!)).toContain("Image left out: image/png of 5.1 MB");
});
