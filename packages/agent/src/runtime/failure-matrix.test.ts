import { setImmediate as nextMacrotask } from "node:timers/promises";
import { createFakeClock, type FakeClock } from "@openclaw/testkit";
import { createGate, fail, say, type ScriptedReply, type WireName } from "@openclaw/testkit/llm";
import { describe, expect, test } from "vitest";
import { createAgentFixture, type AgentFixture } from "../../test/agent-fixture.ts";
import type { Turn, TurnResult } from "../types.ts";

const WIRES: WireName[] = ["openai-completions", "openai-responses", "anthropic-messages", "google-generative-ai"];

/** After this a silent provider is given up. */
const IDLE_MS = 300_000;

interface Row {
  name: string;
  reply: () => ScriptedReply;
  /** Calls to the first model when it is the only one: those that may pass by themselves are repeated twice. */
  calls: number;
  code: string;
  /** What the person reads when there is no other model. */
  told: RegExp;
  /** The same in the list of a turn whose every model failed. */
  listed: string;
}

/** Every failure of a provider, and what becomes of it. The same for all four wires. */
const ROWS: Row[] = [
  {
    name: "400 bad request",
    reply: () => fail(400, "bad field"),
    calls: 1,
    code: "MODEL_FORMAT",
    told: /^a\/one refused the request \(HTTP 400\): .*bad field/,
    listed: "request refused, HTTP 400",
  },
  {
    name: "400 conversation too long",
    reply: () => fail(400, "prompt is too long: 213462 tokens > 200000 maximum"),
    calls: 1,
    code: "MODEL_CONTEXT_OVERFLOW",
    told: /too long for a\/one\. Send \/compact/,
    listed: "conversation too long, HTTP 400",
  },
  {
    name: "401 key refused",
    reply: () => fail(401),
    calls: 1,
    code: "MODEL_AUTH",
    told: /^a refused the API key from models\.providers\.a\.apiKey \(HTTP 401\)\. Put a valid key there/,
    listed: "key refused, HTTP 401",
  },
  {
    name: "402 no credit",
    reply: () => fail(402),
    calls: 1,
    code: "MODEL_BILLING",
    told: /^a says the account has no credit left \(HTTP 402\)\. Top up/,
    listed: "no credit, HTTP 402",
  },
  {
    name: "403 not allowed",
    reply: () => fail(403),
    calls: 1,
    code: "MODEL_AUTH",
    told: /^a refused the API key .* \(HTTP 403\)/,
    listed: "key refused, HTTP 403",
  },
  {
    name: "404 no such model",
    reply: () => fail(404),
    calls: 1,
    code: "MODEL_NOT_FOUND",
    told: /^a has no model "one" \(HTTP 404\)\. Pick another/,
    listed: "model not found, HTTP 404",
  },
  {
    name: "408 too slow",
    reply: () => fail(408),
    calls: 1,
    code: "MODEL_TIMEOUT",
    told: /^a\/one did not answer in time \(HTTP 408\)/,
    listed: "no answer in time, HTTP 408",
  },
  {
    name: "429 with a long wait",
    reply: () => fail(429, "slow down", { "retry-after": "120" }),
    calls: 1,
    code: "MODEL_RATE_LIMIT",
    told: /^a\/one is rate limited \(HTTP 429\)\. Try again in (120 s|a minute)/,
    listed: "rate limit, HTTP 429",
  },
  {
    name: "500 broken",
    reply: () => fail(500),
    calls: 3,
    code: "MODEL_SERVER",
    told: /^a\/one had an internal error \(HTTP 500\)\. Try again/,
    listed: "server error, HTTP 500",
  },
  {
    name: "503 away",
    reply: () => fail(503, "Service Unavailable"),
    calls: 3,
    code: "MODEL_SERVER",
    told: /^a\/one had an internal error \(HTTP 503\)/,
    listed: "server error, HTTP 503",
  },
  {
    name: "503 overloaded",
    reply: () => fail(503, "The model is overloaded"),
    calls: 3,
    code: "MODEL_OVERLOADED",
    told: /^a\/one is overloaded \(HTTP 503\)/,
    listed: "overloaded, HTTP 503",
  },
  {
    name: "529 overloaded",
    reply: () => fail(529, "Overloaded"),
    calls: 3,
    code: "MODEL_OVERLOADED",
    told: /^a\/one is overloaded \(HTTP 529\)\. Try again in a minute, or set a fallback/,
    listed: "overloaded, HTTP 529",
  },
  {
    name: "a connection that dies",
    reply: () => ({ kind: "reset" }),
    calls: 3,
    code: "MODEL_NETWORK",
    told: /^a\/one could not be reached/,
    listed: "not reachable",
  },
  {
    name: "a page instead of an answer",
    reply: () => ({ kind: "garbage" }),
    calls: 3,
    code: "MODEL_GARBLED",
    told: /^a\/one broke off or sent something that is not a valid answer/,
    listed: "unreadable answer",
  },
  {
    name: "silence",
    reply: () => ({ kind: "stall", gate: createGate() }),
    calls: 1,
    code: "MODEL_TIMEOUT",
    told: /^a\/one did not answer in time/,
    listed: "no answer in time",
  },
];

function config(fixture: AgentFixture, api: WireName, fallbacks: string[]): Record<string, unknown> {
  const provider = (id: string) => ({
    baseUrl: fixture.llm.baseUrl[api],
    api,
    apiKey: `key-of-${id}`,
    models: [{ id: id === "a" ? "one" : "two" }],
  });
  return {
    agents: { defaults: { model: { primary: "a/one", fallbacks }, skipBootstrap: true } },
    models: { providers: { a: provider("a"), b: provider("b") } },
  };
}

/** Lets time pass until the turn has ended: a silence at once, the waits between repeated calls slowly. */
async function finish(turn: Turn, fixture: AgentFixture, clock: FakeClock, row: string): Promise<TurnResult> {
  if (row === "silence") {
    await fixture.llm.waitForCall();
    await clock.advance(IDLE_MS);
  }
  for (;;) {
    const result = await Promise.race([turn.result, nextMacrotask(undefined)]);
    if (result) return result;
    await clock.advance(5);
  }
}

describe.each(WIRES)("%s", (api) => {
  test.each(ROWS)("$name: the fallback answers", async ({ name, reply }) => {
    await using fixture = await createAgentFixture({ script: (call) => (call.model === "one" ? reply() : say("b")) });
    const clock = createFakeClock();
    const agent = fixture.agent({ api, clock, config: config(fixture, api, ["b/two"]) });
    const result = await finish(agent.run("hi"), fixture, clock, name);
    expect(result).toMatchObject({ status: "ok", provider: "b", model: "two", payloads: [{ text: "b" }] });
    expect(result.attempts.map(({ provider, error }) => [provider, error !== undefined])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    expect(fixture.llm.calls().map((call) => call.model)).toEqual(["one", "two"]);
  });

  test.each(ROWS)("$name: alone, a person is told what to do", async ({ name, reply, calls, code, told }) => {
    await using fixture = await createAgentFixture({ script: reply });
    const clock = createFakeClock();
    const agent = fixture.agent({ api, clock, config: config(fixture, api, []) });
    const result = await finish(agent.run("hi"), fixture, clock, name);
    expect(result.payloads).toHaveLength(1);
    expect([result.error?.code, result.payloads[0]?.text]).toEqual([code, expect.stringMatching(told)]);
    expect(fixture.llm.calls()).toHaveLength(calls);
    expect(JSON.stringify(result)).not.toContain("key-of-a");
  });

  test.each(ROWS)(
    "$name: with every model failing, each is listed with its reason",
    async ({ name, reply, listed }) => {
      await using fixture = await createAgentFixture({
        script: (call) => (call.model === "one" ? reply() : fail(401)),
      });
      const clock = createFakeClock();
      const agent = fixture.agent({ api, clock, config: config(fixture, api, ["b/two"]) });
      const result = await finish(agent.run("hi"), fixture, clock, name);
      const text = result.payloads.at(-1)?.text ?? "";
      expect(text).toContain("All models failed: a/one (");
      expect(text).toContain(listed);
      expect(text).toContain("b/two (key refused, HTTP 401)");
      expect(fixture.llm.calls().map((call) => call.model)).toEqual(["one", "two"]);
    },
  );
});
