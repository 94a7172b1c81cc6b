import type { Log } from "@openclaw/core";
import { createFakeClock } from "@openclaw/testkit";
import { createGate, fail, say, type WireName } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, eventsOf, shape } from "../../test/agent-fixture.ts";
import { createMemoryTranscript } from "./memory-transcript.ts";

const WIRES: WireName[] = ["openai-completions", "openai-responses", "anthropic-messages", "google-generative-ai"];

const failover = {
  agents: { defaults: { model: { primary: "scripted/one", fallbacks: ["scripted/two"] }, skipBootstrap: true } },
};

for (const api of WIRES) {
  test(`${api}: a passing 529 is tried again after a short wait`, async () => {
    await using fixture = await createAgentFixture();
    const clock = createFakeClock();
    fixture.llm.enqueue(fail(529, "Overloaded"), say("here I am"));
    const turn = fixture.agent({ api, clock }).run("hi");
    await fixture.llm.waitForCall();
    while (!clock.pending().includes(clock.now() + 500)) await clock.advance(0);
    await clock.advance(500);
    expect((await turn.result).payloads).toEqual([{ text: "here I am" }]);
  });

  test(`${api}: an answer that breaks off after visible text is not answered by another model`, async () => {
    await using fixture = await createAgentFixture({ script: () => ({ kind: "truncated", text: "half an answer" }) });
    const transcript = createMemoryTranscript();
    const turn = fixture
      .agent({ api, config: { ...failover, models: providers(fixture.llm.baseUrl[api], api) } })
      .run({ message: { text: "hi" }, transcript });
    const result = await turn.result;
    expect(fixture.llm.calls()).toHaveLength(1);
    expect(result.status).toBe("error");
    expect(result.payloads[0]?.text).toBe("half an answer");
    expect(result.payloads[1]?.text).toMatch(/broke off|could not be reached/);
    expect(shape(transcript)).toEqual(["user", "assistant"]);
  });

  test(`${api}: a body that is no answer, and a dead socket, move on to the fallback`, async () => {
    await using fixture = await createAgentFixture();
    const config = { ...failover, models: providers(fixture.llm.baseUrl[api], api) };
    fixture.llm.enqueue({ kind: "garbage" }, say("after garbage"));
    expect((await fixture.agent({ api, config }).run("hi").result).payloads).toEqual([{ text: "after garbage" }]);
    fixture.llm.enqueue({ kind: "reset" }, say("after reset"));
    expect((await fixture.agent({ api, config }).run("hi").result).payloads).toEqual([{ text: "after reset" }]);
  });
}

test("a provider that repeats the key in its error does not get it into answer, transcript or log", async () => {
  await using fixture = await createAgentFixture({ script: () => fail(401, "Incorrect API key provided: test-key") });
  const transcript = createMemoryTranscript();
  const logged: unknown[] = [];
  const note = (...line: unknown[]) => void logged.push(line);
  const log: Log = { trace: note, debug: note, info: note, warn: note, error: note, child: () => log };
  const turn = fixture.agent({ log }).run({ message: { text: "hi" }, transcript });
  const events = await eventsOf(turn);
  const everything = JSON.stringify([await turn.result, events, transcript.branch(), logged]);
  expect(everything).toContain("Incorrect API key provided: ***");
  expect(everything).not.toContain("test-key");
});

test("a provider that never answers gives way to the fallback", async () => {
  await using fixture = await createAgentFixture();
  const clock = createFakeClock();
  fixture.llm.enqueue({ kind: "stall", gate: createGate() }, say("from two"));
  const turn = fixture
    .agent({
      clock,
      config: { ...failover, models: providers(fixture.llm.baseUrl["openai-completions"], "openai-completions") },
    })
    .run("hi");
  await fixture.llm.waitForCall();
  await clock.advance(300_000);
  const result = await turn.result;
  expect(result).toMatchObject({ status: "ok", model: "two" });
  expect(result.attempts[0]?.error).toContain("no data");
});

test("a configured provider that fails is never replaced by the built-in rules", async () => {
  await using fixture = await createAgentFixture();
  const result = await fixture
    .agent({
      config: { agents: { defaults: { model: "anthropic/claude-opus-4-6", skipBootstrap: true } }, models: {} },
    })
    .run("remember milk").result;
  expect(result).toMatchObject({ status: "error", provider: "anthropic", error: { code: "MODEL_KEY_MISSING" } });
  expect(result.payloads[0]?.text).toContain("ANTHROPIC_API_KEY");
});

test("the model that answered stays in charge for the rest of the turn", async () => {
  await using fixture = await createAgentFixture({
    script: (call) =>
      call.model === "one"
        ? fail(401)
        : call.toolResults.length > 0
          ? say("done")
          : { kind: "answer", toolCalls: [{ name: "session_status", arguments: {} }] },
  });
  const config = { ...failover, models: providers(fixture.llm.baseUrl["openai-completions"], "openai-completions") };
  const result = await fixture.agent({ config }).run("hi").result;
  expect(result.status).toBe("ok");
  expect(fixture.llm.calls().map((call) => call.model)).toEqual(["one", "two", "two"]);
});

function providers(baseUrl: string, api: WireName): Record<string, unknown> {
  return { providers: { scripted: { baseUrl, api, apiKey: "test-key", models: [{ id: "one" }, { id: "two" }] } } };
}

test("a model that breaks off while it still thinks is replaced without a second start", async () => {
  await using fixture = await createAgentFixture();
  const transcript = createMemoryTranscript();
  const api = "openai-completions";
  fixture.llm.enqueue(
    { kind: "truncated", thinking: "hmm" },
    { kind: "answer", thinking: "aha", toolCalls: [{ name: "session_status", arguments: {} }] },
    say("from two"),
  );
  const turn = fixture
    .agent({ api, config: { ...failover, models: providers(fixture.llm.baseUrl[api], api) } })
    .run({ message: { text: "hi" }, transcript });
  const events = await eventsOf(turn);
  expect((await turn.result).payloads).toEqual([{ text: "from two" }]);
  expect(events.flatMap((event) => (event.stream === "thinking" ? [event.data.text] : []))).toEqual(["hmm", "aha"]);
  expect(shape(transcript)).toEqual(["user", "assistant", "toolResult", "assistant"]);
  // What the model reads next: question, call, result. No trace of the answer that was given up.
  expect(fixture.llm.calls()[2]?.messageCount).toBe(3);
});
