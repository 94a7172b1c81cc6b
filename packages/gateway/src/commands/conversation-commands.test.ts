import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { STRANGER, room } from "../../test/command-room.ts";

describe("/new", () => {
  test("with words starts over and asks them", async () => {
    const opened = room();
    const first = await opened.say("hello");
    await first.turns[0]?.finish("hi");
    const before = opened.entry()?.sessionId;
    const { replies, turns } = await opened.say("/new fast write a poem");
    expect(replies).toEqual(["✅ New session started · model: openai/gpt-5.2"]);
    expect(turns[0]?.input).toMatchObject({ model: "openai/gpt-5.2" });
    expect(turns[0]?.input.message?.text).toMatch(/ write a poem/);
    expect(opened.entry()?.sessionId).not.toBe(before);
  });

  test("drops levels and model, keeps what was set for the chat", async () => {
    const opened = room({ tools: { elevated: { allowFrom: { fake: ["*"] } } } });
    for (const text of ["/think high", "/model fast", "/queue interrupt", "/exec ask=always"]) await opened.say(text);
    await opened.say("/new");
    expect(opened.entry()).toMatchObject({ execAsk: "always" });
    expect(opened.entry()).not.toHaveProperty("thinkingLevel");
    expect(opened.entry()).not.toHaveProperty("modelOverride");
    expect(opened.entry()).not.toHaveProperty("queueMode");
  });

  test("answers to the configuration's own words", async () => {
    const { replies } = await room({ session: { resetTriggers: ["start over"] } }).say("Start over");
    expect(replies).toEqual([expect.stringMatching(/New session started/)]);
  });
});

describe("/stop", () => {
  test.each(["/stop", "stop", "Abort!", "esc", "/abort"])("%s stops what runs and forgets what waits", async (text) => {
    const opened = room();
    const { turns } = await opened.say("work");
    await opened.say("more work");
    const { replies } = await opened.say(text);
    expect(replies).toEqual(["⚙️ Agent was aborted."]);
    expect(turns[0]?.input.signal?.aborted).toBe(true);
    expect(opened.context.store.turns.open()).toEqual([]);
  });

  test("a stop word is an answer like any other while nothing runs", async () => {
    const { replies, turns } = await room().say("wait");
    expect(replies).toEqual([]);
    expect(turns).toHaveLength(1);
  });

  test("in a group people may say wait to each other", async () => {
    expect(await room().say("wait", { chat: "group" })).toEqual({ replies: [], turns: [], reason: "mention-missing" });
  });

  test("in a group it needs no mention while something runs", async () => {
    const opened = room();
    await opened.say("work", { chat: "group", mentioned: true });
    expect((await opened.say("stop", { chat: "group" })).replies).toEqual(["⚙️ Agent was aborted."]);
  });

  test("nobody else stops it", async () => {
    const opened = room({}, { groups: { "*": { requireMention: false } } });
    const { turns } = await opened.say("work", { chat: "group" });
    await opened.say("stop", { chat: "group", from: STRANGER });
    await opened.say("/stop", { chat: "group", from: STRANGER });
    expect(turns[0]?.input.signal?.aborted).toBe(false);
  });
});

test("/model name@profile picks the auth profile, and a choice without one lets it go", async () => {
  const opened = room();
  const file = join(opened.paths.agentDir("main"), "auth-profiles.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({ version: 1, profiles: { "openai:work": { type: "api_key", provider: "openai", key: "sk-1" } } }),
  );
  expect((await opened.say("/model fast@work")).replies).toEqual(["Model: openai/gpt-5.2 · profile openai:work"]);
  const { turns } = await opened.say("hello");
  expect(turns[0]?.input.authProfile).toEqual({ id: "openai:work", source: "user" });
  await opened.say("/stop");
  await opened.say("/model fast");
  expect((await opened.say("hello")).turns[0]?.input.authProfile).toBeUndefined();
});

test("/compact stops what runs, and says what became of the context", async () => {
  const opened = room();
  const { turns } = await opened.say("hello");
  const { replies } = await opened.say("/compact keep the dates");
  expect(replies).toEqual(["⚙️ Compacted: 90k → 9.0k tokens (9 % of 100k)."]);
  expect(turns[0]?.input.signal?.aborted).toBe(true);
  expect(opened.entry()).toMatchObject({ compactionCount: 1, totalTokens: 9_000 });
});

test("/subagents lists, explains, stops and talks to them", async () => {
  const opened = room();
  const { engine, store, sessions } = opened.context;
  const child = "agent:main:subagent:one";
  store.subagents.add({
    runId: "run-1",
    childSessionKey: child,
    requesterSessionKey: opened.directKey,
    requesterDisplayKey: "main",
    task: "count the stars",
    cleanup: "keep",
    createdAt: opened.context.clock.now(),
  });
  sessions.patch(child, { spawnedBy: opened.directKey });
  engine.submit({
    runId: "run-1",
    sessionKey: child,
    displayKey: child,
    agentId: "main",
    source: "session",
    text: "x",
    body: "x",
    origin: { provider: "fake", chatType: "direct" },
  });
  expect((await opened.say("/subagents")).replies[0]).toMatch(/1\. count the stars · working for 0 min/);
  expect((await opened.say("/subagents info 1")).replies[0]).toContain(child);
  expect((await opened.say("/subagents info 9")).replies[0]).toMatch(/no sub-agent "9"/);
  expect((await opened.say("/subagents stop 1")).replies[0]).toBe("Stopped: count the stars");
  expect((await opened.say("/subagents stop all")).replies[0]).toBe("None was working.");
  const { replies, turns } = await opened.say("/subagents send 1 count faster");
  expect(replies).toEqual(["Told. Its answer comes here."]);
  expect(turns[0]?.input).toMatchObject({ sessionKey: child, message: { text: "count faster" } });
});
