import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFakeClock } from "@openclaw/testkit";
import { fail, say, type LlmCall, type ScriptedReply } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, eventsOf, type AgentFixture } from "../../test/agent-fixture.ts";
import { createMemoryTranscript } from "./memory-transcript.ts";

const MINUTE = 60_000;

/** Provider `a` with stored profiles, `b` with a key in the configuration. */
function config(fixture: AgentFixture, more: Record<string, unknown> = {}): Record<string, unknown> {
  const provider = (models: string[]) => ({
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    api: "openai-completions",
    models: models.map((id) => ({ id })),
  });
  return {
    agents: { defaults: { model: { primary: "a/one", fallbacks: ["b/two"] }, skipBootstrap: true } },
    models: { providers: { a: provider(["one", "small"]), b: { ...provider(["two"]), apiKey: "b-key" } } },
    ...more,
  };
}

function writeProfiles(fixture: AgentFixture, names: string[], usageStats: Record<string, unknown> = {}): void {
  const dir = join(fixture.stateDir, "agents", "main", "agent");
  mkdirSync(dir, { recursive: true });
  const profiles = Object.fromEntries(
    names.map((name) => [`a:${name}`, { type: "api_key", provider: "a", key: `key-${name}` }]),
  );
  writeFileSync(join(dir, "auth-profiles.json"), JSON.stringify({ version: 1, profiles, usageStats }));
}

const stored = (fixture: AgentFixture) =>
  JSON.parse(readFileSync(join(fixture.stateDir, "agents", "main", "agent", "auth-profiles.json"), "utf8")) as {
    lastGood?: Record<string, string>;
    usageStats?: Record<string, Record<string, unknown> | undefined>;
  };

const keyOf = (call: LlmCall) => String(call.headers["authorization"]).replace("Bearer ", "");
const keys = (fixture: AgentFixture) => fixture.llm.calls().map(keyOf);

/** Answers by key: what it says for one that is not listed is an answer. */
const byKey = (replies: Record<string, ScriptedReply>) => (call: LlmCall) => replies[keyOf(call)] ?? say(keyOf(call));

test("the next key of a provider steps in before the next model, and the one that failed rests", async () => {
  await using fixture = await createAgentFixture({ script: byKey({ "key-one": fail(401) }) });
  writeProfiles(fixture, ["one", "two"]);
  const clock = createFakeClock();
  const agent = fixture.agent({ clock, config: config(fixture) });
  const result = await agent.run("hi").result;
  expect(result).toMatchObject({ status: "ok", provider: "a", model: "one", payloads: [{ text: "key-two" }] });
  expect(result.attempts).toMatchObject([
    { profile: "a:one", error: expect.any(String) as string },
    { profile: "a:two" },
  ]);
  await agent.run("again").result;
  expect(keys(fixture)).toEqual(["key-one", "key-two", "key-two"]);
  await agent.close();
  const { lastGood, usageStats } = stored(fixture);
  expect(lastGood).toEqual({ a: "a:two" });
  expect(usageStats?.["a:one"]).toMatchObject({
    errorCount: 1,
    failureCounts: { auth: 1 },
    cooldownUntil: clock.now() + MINUTE,
  });
  expect(usageStats?.["a:two"]).toMatchObject({ errorCount: 0, lastUsed: clock.now() });
});

test("a provider whose every key rests is left out, and that is visible", async () => {
  await using fixture = await createAgentFixture();
  const clock = createFakeClock();
  const resting = { cooldownUntil: clock.now() + MINUTE, cooldownReason: "rate_limit" };
  writeProfiles(fixture, ["one", "two"], { "a:one": resting, "a:two": resting });
  const turn = fixture.agent({ clock, config: config(fixture) }).run("hi");
  const events = await eventsOf(turn);
  expect(await turn.result).toMatchObject({ status: "ok", provider: "b" });
  expect(keys(fixture)).toEqual(["b-key"]);
  expect(events.filter((event) => event.stream === "fallback")).toMatchObject([
    { data: { from: "a/one", to: "b/two", reason: "rate limit" } },
  ]);
});

test("keys that rest are tried when nothing else is left, and everybody is in the list of failures", async () => {
  await using fixture = await createAgentFixture({ script: () => fail(402) });
  const clock = createFakeClock();
  const resting = { disabledUntil: clock.now() + 60 * MINUTE, disabledReason: "billing" };
  writeProfiles(fixture, ["one", "two"], { "a:one": resting, "a:two": resting });
  const result = await fixture.agent({ clock, config: config(fixture) }).run("hi").result;
  expect(keys(fixture)).toEqual(["b-key", "key-one", "key-two"]);
  expect(result.payloads[0]?.text).toContain(
    "All models failed: b/two (no credit, HTTP 402), a/one (no credit, HTTP 402).",
  );
});

test("one key and no other model: its rest keeps nobody waiting", async () => {
  await using fixture = await createAgentFixture();
  const clock = createFakeClock();
  writeProfiles(fixture, ["one"], { "a:one": { cooldownUntil: clock.now() + MINUTE } });
  const alone = { agents: { defaults: { model: "a/one", skipBootstrap: true } } };
  const agent = fixture.agent({ clock, config: config(fixture, alone) });
  expect(await agent.run("hi").result).toMatchObject({ status: "ok", provider: "a" });
  await agent.close();
  expect(stored(fixture).usageStats?.["a:one"]).toEqual({ errorCount: 0, lastUsed: clock.now() });
});

test("an account that was topped up is noticed by a probe, hours before its rest would end", async () => {
  let empty = true;
  await using fixture = await createAgentFixture({
    script: (call) => (keyOf(call) === "key-one" && empty ? fail(402) : say(keyOf(call))),
  });
  writeProfiles(fixture, ["one"]);
  const clock = createFakeClock();
  const agent = fixture.agent({ clock, config: config(fixture) });
  const ask = async () => (await agent.run("hi").result).payloads[0]?.text;
  expect(await ask()).toBe("b-key");
  clock.jump(29 * MINUTE);
  expect(await ask()).toBe("b-key");
  clock.jump(MINUTE);
  // The probe finds the account still empty: the fallback answers, and the next one is due in half an hour again.
  expect(await ask()).toBe("b-key");
  expect(await ask()).toBe("b-key");
  expect(keys(fixture)).toEqual(["key-one", "b-key", "b-key", "key-one", "b-key", "b-key"]);
  empty = false;
  clock.jump(30 * MINUTE);
  expect(await ask()).toBe("key-one");
  expect(await ask()).toBe("key-one");
});

test("a limit of one model leaves the other models of the key alone", async () => {
  await using fixture = await createAgentFixture({
    script: (call) => (call.model === "one" ? fail(429, "slow down", { "retry-after": "600" }) : say(call.model)),
  });
  writeProfiles(fixture, ["one"]);
  const model = { primary: "a/one", fallbacks: ["a/small", "b/two"] };
  const agents = { agents: { defaults: { model, skipBootstrap: true } } };
  const agent = fixture.agent({ clock: createFakeClock(), config: config(fixture, agents) });
  await agent.run("hi").result;
  await agent.run("hi").result;
  expect(fixture.llm.calls().map((call) => call.model)).toEqual(["one", "small", "small"]);
});

test("a key outside of profiles rests too, while the process lives", async () => {
  await using fixture = await createAgentFixture({
    script: (call) => (keyOf(call) === "env-key" ? fail(401) : say(keyOf(call))),
  });
  const clock = createFakeClock();
  const base = config(fixture) as { models: { providers: { a: Record<string, unknown> } } };
  base.models.providers.a["apiKey"] = "A_KEY";
  const env = { A_KEY: "env-key", OPENCLAW_SKIP_LOCAL_MODELS: "1" };
  const agent = fixture.agent({ clock, env, config: base });
  await agent.run("hi").result;
  await agent.run("hi").result;
  clock.jump(5 * MINUTE);
  await agent.run("hi").result;
  expect(keys(fixture)).toEqual(["env-key", "b-key", "b-key", "env-key", "b-key"]);
});

test("a session keeps its key; another one, and a new one, take the one unused for longest", async () => {
  await using fixture = await createAgentFixture({ script: byKey({}) });
  writeProfiles(fixture, ["one", "two"]);
  const clock = createFakeClock();
  const agent = fixture.agent({ clock, config: config(fixture) });
  const sessions = { x: createMemoryTranscript(), y: createMemoryTranscript(), xAnew: createMemoryTranscript() };
  const ask = async (name: keyof typeof sessions, authProfile?: { id: string; source: "user" | "auto" }) => {
    clock.jump(2 * MINUTE);
    const turn = agent.run({
      message: { text: "hi" },
      sessionKey: `agent:main:${name[0]}`,
      transcript: sessions[name],
      ...(authProfile ? { authProfile } : {}),
    });
    return (await turn.result).payloads[0]?.text;
  };
  expect(await ask("x")).toBe("key-one");
  expect(await ask("y")).toBe("key-two");
  expect(await ask("y")).toBe("key-two");
  expect(await ask("x")).toBe("key-one");
  expect(await ask("x")).toBe("key-one");
  expect(await ask("xAnew")).toBe("key-two");
  expect(await ask("xAnew", { id: "a:one", source: "user" })).toBe("key-one");
});

test("the key a person chose is the only one tried; one that was used before is only the first", async () => {
  await using fixture = await createAgentFixture({ script: byKey({ "key-two": fail(401) }) });
  writeProfiles(fixture, ["one", "two"]);
  const ask = (source: "user" | "auto") =>
    fixture
      .agent({ clock: createFakeClock(), config: config(fixture) })
      .run({ message: { text: "hi" }, authProfile: { id: "a:two", source } }).result;
  expect((await ask("user")).attempts.map(({ provider, profile }) => profile ?? provider)).toEqual(["a:two", "b"]);
  writeProfiles(fixture, ["one", "two"]);
  expect((await ask("auto")).attempts.map(({ profile }) => profile)).toEqual(["a:two", "a:one"]);
});

test("an address in a profile's name is not told to the whole room", async () => {
  await using fixture = await createAgentFixture({ script: () => fail(401) });
  writeProfiles(fixture, ["ada.lovelace@example.com"]);
  const alone = { agents: { defaults: { model: "a/one", skipBootstrap: true } } };
  const result = await fixture.agent({ config: config(fixture, alone) }).run("hi").result;
  expect(result.payloads[0]?.text).toContain("auth profile a:a…@example.com");
  expect(result.payloads[0]?.text).not.toContain("lovelace");
});

test("a key that was taken out of the file is not used by the next request", async () => {
  await using fixture = await createAgentFixture({ script: byKey({}) });
  writeProfiles(fixture, ["one", "two"]);
  const agent = fixture.agent({ config: config(fixture) });
  const transcript = createMemoryTranscript();
  await agent.run({ message: { text: "hi" }, transcript }).result;
  writeProfiles(fixture, ["two"]);
  await agent.run({ message: { text: "hi" }, transcript }).result;
  expect(keys(fixture)).toEqual(["key-one", "key-two"]);
});
