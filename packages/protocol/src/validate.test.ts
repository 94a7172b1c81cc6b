import { describe, expect, it } from "vitest";
import recorded from "../test/fixtures/scope-matrix.json" with { type: "json" };
import { isMethodName, methodSpec } from "./methods.ts";
import { validateParams, validateRequestFrame } from "./validate.ts";

const refusal = (method: string, params: unknown) => {
  const verdict = validateParams(method, params);
  return verdict.ok ? "accepted" : verdict.message;
};

const anyOf = (path: string) => `at ${path}: must be equal to constant; at ${path}: must match a schema in anyOf`;

const client = { id: "cli", version: "1", platform: "linux", mode: "cli" };
const connect = { minProtocol: 3, maxProtocol: 3, client };

describe("refusal texts recorded from a running gateway", () => {
  it.each([
    ["connect", undefined, "must be object"],
    ["connect", { ...connect, client: { ...client, id: "ios-node" } }, anyOf("/client/id")],
    ["connect", { ...connect, client: { ...client, mode: "operator" } }, anyOf("/client/mode")],
    ["connect", { ...connect, foo: 1 }, "at root: unexpected property 'foo'"],
    ["chat.history", { sessionKey: "s", limit: 5000 }, "at /limit: must be <= 1000"],
    [
      "poll",
      { to: "x", question: "q", options: ["a"], idempotencyKey: "k" },
      "at /options: must NOT have fewer than 2 items",
    ],
    ["talk.mode", {}, "must have required property 'enabled'"],
    ["update.run", { timeoutMs: 0 }, "at /timeoutMs: must be >= 1"],
    ["wake", { mode: "later", text: "" }, `${anyOf("/mode")}; at /text: must NOT have fewer than 1 characters`],
  ])("%s %j", (method, params, text) => {
    expect(refusal(method, params)).toBe(`invalid ${method} params: ${text}`);
  });

  it.each([
    ["tts.convert", {}, "tts.convert requires text"],
    ["tts.setProvider", { provider: "x" }, "Invalid provider. Use openai, elevenlabs, or edge."],
    ["voicewake.set", { triggers: "x" }, "voicewake.set requires triggers: string[]"],
    ["set-heartbeats", {}, "invalid set-heartbeats params: enabled (boolean) required"],
    ["system-event", {}, "text required"],
    ["sessions.usage.logs", {}, "key is required for logs"],
  ])("%s has a text of its own", (method, params, text) => {
    expect(refusal(method, params)).toBe(text);
  });

  // The recording sent {"__bad": 1} to every method and kept the first 160 characters or so of each answer.
  const rows = Object.entries(recorded.matrix).filter(([method]) => isMethodName(method) && method !== "connect");
  it.each(rows)("%s with an unknown key", (method, row) => {
    const node = "role" in (methodSpec(method)?.access ?? {});
    const answer = node ? row.node : row.admin;
    const text = refusal(method, { __bad: 1 });
    if (answer === "OK") expect(text).toBe("accepted");
    else expect(`INVALID_REQUEST: ${text}`.startsWith(answer)).toBe(true);
  });

  it("names what is wrong with a frame", () => {
    const prefix = "invalid request frame: ";
    expect(validateRequestFrame({ type: "req", id: "", method: "x" })).toEqual({
      ok: false,
      message: `${prefix}at /id: must NOT have fewer than 1 characters`,
    });
    expect(validateRequestFrame({ type: "hello" })).toEqual({
      ok: false,
      message: `${prefix}must have required property 'id'; must have required property 'method'; at /type: must be equal to constant`,
    });
  });
});

describe("what passes", () => {
  it("takes absent params as none, and hands the value back unchanged", () => {
    expect(validateParams("config.get", undefined)).toEqual({ ok: true, value: {} });
    const params = { sessionKey: "s", message: "", idempotencyKey: "k" };
    const verdict = validateParams("chat.send", params);
    expect(verdict.ok && verdict.value).toBe(params);
  });

  it("takes null as the wish to clear a session's setting", () => {
    expect(refusal("sessions.patch", { key: "k", label: null, sendPolicy: null, model: "p/m" })).toBe("accepted");
    expect(refusal("sessions.patch", { key: "k", sendPolicy: "maybe" })).toContain("at /sendPolicy");
  });

  it("takes a cron job's id under either name, but not both", () => {
    expect(refusal("cron.run", { id: "a" })).toBe("accepted");
    expect(refusal("cron.run", { jobId: "a", mode: "force" })).toBe("accepted");
    expect(refusal("cron.run", { id: "a", jobId: "a" })).toContain("unexpected property 'jobId'");
  });

  it("counts a label in characters, not in UTF-16 halves", () => {
    expect(refusal("sessions.patch", { key: "k", label: "🦊".repeat(64) })).toBe("accepted");
    expect(refusal("sessions.patch", { key: "k", label: "🦊".repeat(65) })).toContain("more than 64 characters");
  });
});

describe("hostile input", () => {
  it("answers a frame full of unknown keys briefly", () => {
    const params = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i]));
    expect(refusal("config.get", params).length).toBeLessThan(2100);
    expect(refusal("cron.run", params).length).toBeLessThan(2100);
    expect(refusal("config.get", { ["x".repeat(400_000)]: 1 }).length).toBeLessThan(2100);
  });

  it("refuses an own __proto__ key like any other", () => {
    expect(refusal("config.get", JSON.parse('{"__proto__":1}'))).toContain("unexpected property '__proto__'");
  });

  it("checks map values whatever their key looks like", () => {
    const file = { version: 1, agents: { "a\nb": { security: 5 } } };
    expect(refusal("exec.approvals.set", { file })).toContain("must be string");
  });

  it("refuses arrays, strings and null as params", () => {
    for (const params of [[], "x", null, 5]) expect(refusal("config.get", params)).toContain("must be object");
  });

  it("names a method that is not in the table", () => {
    expect(refusal("no.such", {})).toBe("unknown method: no.such");
    expect(refusal("constructor", {})).toBe("unknown method: constructor");
  });
});
