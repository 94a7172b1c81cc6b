import { createFakeClock } from "@openclaw/testkit";
import { callTool, say } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, type AgentFixture } from "../../test/agent-fixture.ts";
import { createBudgetGuard, type Budgets } from "./budget-guard.ts";
import { createMemoryLedger, type UsageRecord } from "./usage-ledger.ts";

const HOUR = 3_600_000;
const record = (fields: Partial<UsageRecord>): UsageRecord => ({
  at: 0,
  agentId: "main",
  sessionKey: "agent:main:main",
  sessionId: "s1",
  cause: "message",
  purpose: "answer",
  provider: "scripted",
  model: "one",
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
  durationMs: 1,
  tools: [],
  failed: false,
  ...fields,
});

const paid = (at: number, total: number, fields: Partial<UsageRecord> = {}) =>
  record({ at, cost: { input: total, output: 0, cacheRead: 0, cacheWrite: 0, total }, ...fields });

/** One agent with priced models: 10 tokens in and 5 out cost $0.02 a call. */
function pricedAgent(fixture: AgentFixture, budgets: Budgets, rest: Parameters<AgentFixture["agent"]>[0] = {}) {
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one", cost: { input: 1000, output: 2000 } }],
  };
  return fixture.agent({
    config: {
      agents: { defaults: { model: "scripted/one", skipBootstrap: true, userTimezone: "Europe/Paris" } },
      models: { providers: { scripted: provider } },
      budgets,
    },
    ...rest,
  });
}

test("every model call is written down with tokens, cost, model, session and cause", async () => {
  await using fixture = await createAgentFixture();
  const usage = createMemoryLedger();
  fixture.llm.enqueue(callTool("session_status"), say("done"));
  await pricedAgent(fixture, {}, { usage }).run({
    message: { text: "hi" },
    cause: "cron",
    channel: "telegram",
    runId: "r1",
  }).result;
  expect(usage.records).toHaveLength(2);
  expect(usage.records[0]).toMatchObject({
    agentId: "main",
    sessionKey: "agent:main:main",
    runId: "r1",
    cause: "cron",
    purpose: "answer",
    channel: "telegram",
    provider: "scripted",
    model: "one",
    input: 10,
    output: 5,
    cost: { input: 0.01, output: 0.01, total: 0.02 },
    tools: ["session_status"],
    failed: false,
  });
  expect(usage.records[1]).toMatchObject({ tools: [] });
});

test("a daily limit refuses the call before it is made, says which key, and opens again at midnight", async () => {
  await using fixture = await createAgentFixture();
  // 23:30 in Paris.
  const clock = createFakeClock({ now: Date.UTC(2026, 10, 20, 22, 30) });
  const usage = createMemoryLedger();
  usage.record(paid(clock.now() - HOUR, 5.01));
  const agent = pricedAgent(fixture, { daily: { usd: 5 } }, { usage, clock });
  const refused = await agent.run("hi").result;
  expect(refused).toMatchObject({ status: "error", error: { code: "BUDGET_EXCEEDED" } });
  expect(refused.payloads.at(-1)?.text).toMatch(
    /\$5\.01 of \$5\.00 are spent.*midnight \(Europe\/Paris\).*budgets\.daily\.usd/,
  );
  expect(fixture.llm.calls()).toHaveLength(0);
  clock.jump(HOUR);
  expect(await agent.run("hi").result).toMatchObject({ status: "ok" });
  expect(fixture.llm.calls()).toHaveLength(1);
});

test("a limit that is reached in the middle of a turn ends it before the next call; what was said is delivered", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.script(() => ({
    kind: "answer",
    text: "Looking.",
    toolCalls: [{ name: "session_status", arguments: {} }],
    usage: { input: 20_000, output: 5 },
  }));
  const result = await pricedAgent(fixture, { daily: { tokens: 45_000 } }).run("hi").result;
  expect(fixture.llm.calls()).toHaveLength(2);
  expect(result).toMatchObject({ status: "error", error: { code: "BUDGET_EXCEEDED" } });
  expect(result.payloads.map(({ text }) => text)).toEqual([
    "Looking.",
    "Looking.",
    expect.stringContaining("budgets.daily.tokens"),
  ]);
});

test("limits of a cause leave other causes alone, those of a session other sessions", async () => {
  await using fixture = await createAgentFixture();
  const usage = createMemoryLedger();
  usage.record(record({ at: Date.now(), cause: "heartbeat", sessionId: "other", input: 90_000 }));
  const agent = pricedAgent(
    fixture,
    { causes: { heartbeat: { tokens: 91_000 } }, session: { tokens: 30_000 } },
    { usage },
  );
  const codeOf = async (input: { cause?: string; sessionKey?: string }) =>
    (await agent.run({ message: { text: "hi" }, ...input }).result).error?.code;
  expect(await codeOf({ cause: "heartbeat" })).toBe("BUDGET_EXCEEDED");
  expect(await codeOf({})).toBeUndefined();
  fixture.llm.enqueue({ kind: "answer", text: "x", usage: { input: 29_000, output: 1 } });
  expect(await codeOf({})).toBeUndefined();
  expect(await codeOf({})).toBe("BUDGET_EXCEEDED");
  expect(await codeOf({ sessionKey: "agent:main:fresh" })).toBeUndefined();
});

test("the built-in rules cost nothing and answer whatever the budget", async () => {
  await using fixture = await createAgentFixture();
  const usage = createMemoryLedger();
  usage.record(record({ at: Date.now(), input: 1_000_000 }));
  const agent = fixture.agent({
    usage,
    config: {
      agents: { defaults: { model: "offline/rules", skipBootstrap: true } },
      budgets: { daily: { tokens: 1 } },
    },
  });
  expect(await agent.run("what is 2 + 2?").result).toMatchObject({ status: "ok" });
});

test("a prompt that would go past a limit is refused though the limit is not reached yet", () => {
  const clock = createFakeClock();
  const ledger = createMemoryLedger();
  ledger.record(paid(clock.now(), 0.9, { input: 900 }));
  const guard = createBudgetGuard({ budgets: { daily: { usd: 1, tokens: 10_000 } }, ledger, clock, timezone: "UTC" });
  const ask =
    (promptTokens: number, price = { input: 10, cacheRead: 1 }) =>
    () =>
      guard({ sessionId: "s1", cause: "message", promptTokens, price });
  expect(ask(5000)).not.toThrow();
  expect(ask(9_200)).toThrow(/budget/);
  expect(ask(5000, { input: 30, cacheRead: 0 })).toThrow(/budget/);
});

test("an idle week of heartbeats stays under its limit, day by day", async () => {
  await using fixture = await createAgentFixture();
  const clock = createFakeClock({ now: Date.UTC(2026, 10, 1, 0, 0) });
  const usage = createMemoryLedger();
  fixture.llm.script(() => ({ kind: "answer", text: "HEARTBEAT_OK", usage: { input: 3000, output: 5 } }));
  const agent = pricedAgent(fixture, { causes: { heartbeat: { tokens: 20_000 } } }, { usage, clock });
  for (let beat = 0; beat < 7 * 24; beat++) {
    await agent.run({ message: { text: "beat" }, cause: "heartbeat", sessionKey: `agent:main:beat${beat}` }).result;
    clock.jump(HOUR);
  }
  const days = new Map<number, number>();
  for (const { at, input, output } of usage.records) {
    const day = Math.floor((at + HOUR) / (24 * HOUR));
    days.set(day, (days.get(day) ?? 0) + input + output);
  }
  expect(days.size).toBeGreaterThanOrEqual(7);
  for (const tokens of days.values()) expect(tokens).toBeLessThanOrEqual(20_000 + 3005);
});
