import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UsageRecord } from "@openclaw/agent";
import { silentLog } from "@openclaw/core";
import { resolvePaths } from "@openclaw/core/paths";
import { createGatewayClient } from "@openclaw/protocol/client";
import { say, startScriptedLlm, type LlmCall } from "@openclaw/testkit/llm";
import { expect, onTestFinished, test } from "vitest";
import { fixedConfiguration } from "../../test/fixed-configuration.ts";
import { startGateway } from "../gateway.ts";
import { openStore } from "../store/store.ts";
import { createDays } from "./days.ts";

const DAY = 86_400_000;

function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "usage-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const callOf = (fields: Partial<UsageRecord>): UsageRecord => ({
  at: 0,
  agentId: "main",
  sessionKey: "agent:main:main",
  sessionId: "s1",
  runId: "r1",
  cause: "message",
  purpose: "answer",
  channel: "telegram",
  provider: "scripted",
  model: "one",
  input: 10,
  output: 5,
  cacheRead: 100,
  cacheWrite: 0,
  cost: { input: 0.1, output: 0.2, cacheRead: 0.3, cacheWrite: 0, total: 0.6 },
  durationMs: 20,
  tools: ["exec", "read", "exec"],
  failed: false,
  ...fields,
});

test("rows survive a restart and answer every question a budget asks", () => {
  const path = join(temporaryDir(), "openclaw.sqlite");
  const first = openStore(path);
  const rows = [
    callOf({ at: 1000 }),
    callOf({ at: 2000, cause: "heartbeat", runId: undefined, channel: undefined }),
    callOf({ at: 3000, sessionId: "s2", sessionKey: "other" }),
  ];
  for (const row of rows) first.usage.record(row);
  first.database.close();
  const { usage, database } = openStore(path);
  const { runId: _run, channel: _channel, ...bare } = rows[1]!;
  expect(usage.rows({ from: 0, to: 9000 })).toEqual([rows[0], bare, rows[2]]);
  const usd = expect.closeTo(0.6);
  expect(usage.spent({ since: 2500 })).toEqual({ tokens: 115, usd });
  expect(usage.spent({ cause: "heartbeat" })).toEqual({ tokens: 115, usd });
  expect(usage.spent({ sessionId: "s1", cause: "message" })).toEqual({ tokens: 115, usd });
  expect(usage.spent({ sessionId: "nobody" })).toEqual({ tokens: 0, usd: 0 });
  usage.prune(3000);
  expect(usage.rows({ from: 0, to: 9000 })).toHaveLength(1);
  database.close();
});

test.each(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Paris", "UTC", "Asia/Kathmandu"])(
  "days in %s begin at midnight, also when clocks change",
  (zone) => {
    const days = createDays(zone);
    for (const day of ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-12-31"]) {
      expect(days.of(days.start(day))).toBe(day);
      expect(days.of(days.start(day) - 1)).toBe(days.back(day, 1));
      expect(days.end(day)).toBe(days.start(days.back(day, -1)));
    }
  },
);

interface Sample {
  request: { method: string; params: Record<string, unknown> };
  response: { ok: boolean; payload?: Record<string, unknown>; error?: { code: string; message: string } };
}

/** A gateway whose one model has prices, and a client of it. */
async function gateway(config: Record<string, unknown> = {}, window = 200_000) {
  const dir = temporaryDir();
  const llm = await startScriptedLlm();
  onTestFinished(() => llm.close());
  const model = {
    id: "one",
    name: "One",
    contextWindow: window,
    cost: { input: 1000, output: 2000, cacheRead: 0, cacheWrite: 0 },
  };
  const whole = {
    gateway: { mode: "local", auth: { mode: "token", token: "secret-token" } },
    agents: {
      defaults: {
        model: { primary: "scripted/one" },
        workspace: join(dir, "workspace"),
        skipBootstrap: true,
        userTimezone: "UTC",
        contextPruning: { mode: "off" },
        compaction: { memoryFlush: { enabled: false } },
      },
    },
    models: {
      providers: {
        scripted: {
          baseUrl: llm.baseUrl["openai-completions"],
          apiKey: "none",
          api: "openai-completions",
          models: [model],
        },
      },
    },
    ...config,
  };
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: join(dir, "home"), tmpdir: dir });
  const running = await startGateway({
    configuration: fixedConfiguration(whole, paths, { OPENCLAW_SKIP_LOCAL_MODELS: "1" }),
    log: silentLog,
    logFile: () => join(dir, "log"),
    port: 0,
  });
  onTestFinished(() => running.stop("stopping"));
  const client = createGatewayClient({
    url: `ws://127.0.0.1:${running.port}`,
    token: "secret-token",
    client: { id: "test", mode: "test", version: "0", platform: "test" },
  });
  onTestFinished(() => client.close());
  await client.connect();
  /** Untyped: the tests look at what comes over the wire. */
  const rpc = <T = Record<string, unknown>>(method: string, params: Record<string, unknown>) =>
    client.request(method, params) as Promise<T>;
  const ask = async (text: string, sessionKey = "main") => {
    const idempotencyKey = crypto.randomUUID();
    await rpc("chat.send", { sessionKey, message: text, idempotencyKey });
    return rpc("agent.wait", { runId: idempotencyKey, timeoutMs: 10_000 });
  };
  return { llm, client, rpc, ask, dir };
}

/** Same keys all the way down; values may differ. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shapeOf(entry)]));
}

test("an unused gateway answers the usage methods as recorded", async () => {
  const { rpc } = await gateway();
  const samples: Sample[] = [
    {
      request: { method: "usage.status", params: {} },
      response: { ok: true, payload: { updatedAt: 0, providers: [] } },
    },
    {
      request: { method: "usage.cost", params: {} },
      response: { ok: true, payload: { updatedAt: 0, days: 31, daily: [], totals: zero } },
    },
    {
      request: { method: "usage.cost", params: { days: 3 } },
      response: { ok: true, payload: { updatedAt: 0, days: 4, daily: [], totals: zero } },
    },
    {
      request: { method: "sessions.usage", params: { key: "agent:main:main" } },
      response: {
        ok: true,
        payload: {
          updatedAt: 0,
          startDate: "",
          endDate: "",
          sessions: [],
          totals: zero,
          aggregates: expect.anything() as unknown,
        },
      },
    },
    {
      request: { method: "sessions.usage.logs", params: { key: "agent:main:main" } },
      response: { ok: true, payload: { logs: [] } },
    },
  ];
  for (const { request, response } of samples) {
    const payload = await rpc(request.method, request.params);
    for (const [key, value] of Object.entries(response.payload ?? {})) {
      if (key === "days" || key === "totals" || Array.isArray(value))
        expect(payload[key], `${request.method} ${key}`).toEqual(value);
      else expect(payload, request.method).toHaveProperty(key);
    }
  }
  const usage = await rpc<{ aggregates: unknown; startDate: string; endDate: string }>("sessions.usage", {});
  expect(shapeOf(usage.aggregates)).toMatchObject({
    messages: {
      total: "number",
      user: "number",
      assistant: "number",
      toolCalls: "number",
      toolResults: "number",
      errors: "number",
    },
    tools: { totalCalls: "number", uniqueTools: "number", tools: [] },
    byModel: [],
    byProvider: [],
    byAgent: [],
    byChannel: [],
    dailyLatency: [],
    modelDaily: [],
    daily: [],
  });
  expect(Date.parse(usage.endDate) - Date.parse(usage.startDate)).toBe(29 * DAY);
  await expect(rpc("sessions.usage.timeseries", { key: "agent:main:main" })).rejects.toThrow(
    "No transcript found for session: agent:main:main",
  );
  await expect(rpc("sessions.usage.timeseries", {})).rejects.toThrow("key is required for timeseries");
});

const zero = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  totalCost: 0,
  inputCost: 0,
  outputCost: 0,
  cacheReadCost: 0,
  cacheWriteCost: 0,
  missingCostEntries: 0,
};

test("what a turn took shows in every report", async () => {
  const { rpc, ask } = await gateway();
  await ask("hello");
  await ask("again");
  const totals = { input: 20, output: 10, totalTokens: 30, totalCost: expect.closeTo(0.04), missingCostEntries: 0 };
  expect(await rpc("usage.cost", {})).toMatchObject({
    daily: [{ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), ...totals }],
    totals,
  });
  expect(await rpc("sessions.usage", { includeContextWeight: true })).toMatchObject({
    totals,
    sessions: [
      {
        key: "agent:main:main",
        sessionId: expect.any(String),
        agentId: "main",
        modelProvider: "scripted",
        model: "one",
        usage: {
          ...totals,
          messageCounts: { total: 4, user: 2, assistant: 2 },
          dailyBreakdown: [{ tokens: 30 }],
          modelUsage: [{ provider: "scripted", model: "one", count: 2 }],
        },
        contextWeight: { systemPrompt: { chars: expect.any(Number) } },
      },
    ],
    aggregates: {
      byModel: [{ model: "one", totals }],
      byAgent: [{ agentId: "main" }],
      byCause: [{ cause: "message" }],
      daily: [{ messages: 4, tokens: 30 }],
    },
  });
  const series = await rpc<{ points: { cumulativeTokens: number }[] }>("sessions.usage.timeseries", { key: "main" });
  expect(series.points.map(({ cumulativeTokens }) => cumulativeTokens)).toEqual([15, 30]);
  const { logs } = await rpc<{ logs: { role: string; content: string; tokens?: number }[] }>("sessions.usage.logs", {
    key: "main",
  });
  expect(logs.map(({ role, content }) => [role, content])).toEqual([
    ["user", "hello"],
    ["assistant", expect.any(String)],
    ["user", "again"],
    ["assistant", expect.any(String)],
  ]);
  expect(logs[1]?.tokens).toBe(15);
});

test("a daily budget holds across turns, and the person reads which key it was", async () => {
  const { ask, llm, rpc } = await gateway({ budgets: { daily: { usd: 5 } } });
  llm.script(() => ({ kind: "answer", text: "noted", usage: { input: 4_900, output: 0 } }));
  expect(await ask("hello")).toMatchObject({ status: "ok" });
  expect(await ask("again")).toMatchObject({ status: "error", error: expect.stringContaining("$4.90 of $5.00") });
  expect(llm.calls()).toHaveLength(1);
  expect(await rpc("usage.cost", {})).toMatchObject({ totals: { totalCost: expect.closeTo(4.9) } });
});

const isSummary = (request: LlmCall) => request.system.startsWith("You condense");
const filler = "lorem ipsum ".repeat(700);

test("sessions.compact summarises, keeps lines, and says why not", async () => {
  const { rpc, ask, llm, dir } = await gateway({}, 20_000);
  llm.script((request) => (isSummary(request) ? say("SUMMARY") : say("noted")));
  const compact = (params: Record<string, unknown>) => rpc("sessions.compact", params);
  expect(await compact({ key: "nope" })).toEqual({
    ok: true,
    key: "agent:main:nope",
    compacted: false,
    reason: "no sessionId",
  });
  await ask("short");
  expect(await compact({ key: "main" })).toEqual({
    ok: true,
    key: "agent:main:main",
    compacted: false,
    kept: expect.any(Number),
  });
  await ask(`one ${filler}`);
  await ask(`two ${filler}`);
  expect(await compact({ key: "main" })).toMatchObject({ compacted: true, kept: expect.any(Number) });
  const { sessions } = await rpc<{ sessions: { key: string; totalTokens: number }[] }>("sessions.list", {});
  expect(sessions.find(({ key }) => key === "agent:main:main")?.totalTokens).toBeLessThan(5000);
  await ask("after");
  expect(JSON.stringify(llm.calls().at(-1)?.body["messages"])).toContain("SUMMARY");

  const shortened = await compact({ key: "main", maxLines: 2 });
  expect(shortened).toMatchObject({
    ok: true,
    compacted: true,
    kept: 2,
    archived: expect.stringMatching(/\.jsonl\.bak\.\d{4}-/),
  });
  const folder = join(dir, "agents", "main", "sessions");
  const file = readdirSync(folder).find((name) => name.endsWith(".jsonl"))!;
  const lines = readFileSync(join(folder, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; id: string; parentId?: string | null });
  expect(lines.map(({ type }) => type)).toEqual(["session", "message", "message"]);
  expect(lines.slice(1).map(({ parentId }) => parentId)).toEqual([null, lines[1]?.id]);
  expect(await ask("still there?")).toMatchObject({ status: "ok" });
  expect(JSON.stringify(llm.calls().at(-1)?.body["messages"])).toContain("after");
});

test("a compaction on the way is told under the answer, and counted", async () => {
  const { client, ask, llm } = await gateway({}, 20_000);
  llm.script((request) => (isSummary(request) ? say("SUMMARY") : say("noted")));
  const finals: string[] = [];
  client.on("event", ({ event, payload }) => {
    const { state, message } = (payload ?? {}) as { state?: string; message?: { content: { text: string }[] } };
    if (event === "chat" && state === "final") finals.push(message?.content[0]?.text ?? "");
  });
  for (let index = 0; index < 5; index++) await ask(`${index} ${filler}`);
  expect(finals.some((text) => text.includes("Older messages of this conversation are now a summary"))).toBe(true);
  expect(finals[0]).toBe("noted");
});

test("with every tool of the gateway and a fresh workspace a turn begins with at most 16,000 characters", async () => {
  const { ask, llm } = await gateway({ agents: { defaults: { model: { primary: "scripted/one" } } } });
  await ask("hello");
  const [call] = llm.calls();
  const tools = JSON.stringify(call!.body["tools"]).length;
  console.log(
    `system prompt ${call!.system.length}, tools ${tools}, together ${call!.system.length + tools} characters`,
  );
  expect(call!.system.length + tools).toBeLessThanOrEqual(16_000);
});
