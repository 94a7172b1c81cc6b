import { afterEach, describe, expect, it } from "vitest";
import { connectedPair, socketKinds } from "../../test/test-client.ts";
import type { AgentAccepted } from "../schema/index.ts";
import type { GatewayClientOptions } from "./index.ts";

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const setUp = async (options: Partial<GatewayClientOptions> = {}) => {
  const pair = await connectedPair(options);
  cleanups.push(pair.dispose);
  const connecting = pair.client.connect();
  const peer = await pair.gateway.peer();
  await peer.greet();
  await connecting;
  return { ...pair, peer };
};

describe.each(socketKinds)("over $kind", ({ webSocket }) => {
  it("hands every answer to its own request, in any order", async () => {
    const { client, peer, clock } = await setUp({ webSocket });
    const idle = clock.pending();
    const first = client.request("chat.history", { sessionKey: "a" });
    const second = client.request("chat.history", { sessionKey: "b", limit: 5 });
    const [one, two] = [await peer.request(), await peer.request()];
    expect(two).toMatchObject({ type: "req", method: "chat.history", params: { sessionKey: "b", limit: 5 } });
    peer.respond(two.id, { ok: true, payload: { sessionKey: "b", messages: [] } });
    peer.respond(one.id, { ok: true, payload: { sessionKey: "a", messages: [] } });
    expect((await first).sessionKey).toBe("a");
    expect((await second).sessionKey).toBe("b");
    expect(clock.pending()).toEqual(idle);
  });

  it("turns the gateway's error into a coded one", async () => {
    const { client, peer } = await setUp({ webSocket });
    const call = client.request("config.get", {});
    const error = {
      code: "INVALID_REQUEST",
      message: "missing scope: operator.admin",
      retryAfterMs: 5,
      details: { a: 1 },
    };
    peer.respond((await peer.request()).id, { ok: false, error });
    await expect(call).rejects.toMatchObject({ ...error, hint: expect.stringContaining("operator.admin") as string });
  });

  it("reports a two-stage method's acceptance first and resolves with its outcome", async () => {
    const { client, peer } = await setUp({ webSocket });
    const accepted: AgentAccepted[] = [];
    const call = client.request(
      "agent",
      { message: "hi", idempotencyKey: "k" },
      { onAccepted: (answer) => void accepted.push(answer) },
    );
    const { id } = await peer.request();
    peer.respond(id, { ok: true, payload: { runId: "k", status: "accepted", acceptedAt: 1 } });
    await expect.poll(() => accepted).toEqual([{ runId: "k", status: "accepted", acceptedAt: 1 }]);
    peer.respond(id, { ok: true, payload: { runId: "k", status: "ok", summary: "completed" } });
    expect(await call).toEqual({ runId: "k", status: "ok", summary: "completed" });
  });

  it("rejects a failed run with both its error and its payload", async () => {
    const { client, peer } = await setUp({ webSocket });
    const call = client.request("agent", { message: "hi", idempotencyKey: "k" });
    const { id } = await peer.request();
    const payload = { runId: "k", status: "error", summary: "Error: x" };
    peer.respond(id, { ok: false, payload, error: { code: "UNAVAILABLE", message: "Error: x" } });
    await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE", message: "Error: x", payload });
  });

  it("stops waiting after the time limit, but sets none for methods that wait for work", async () => {
    const { client, peer, clock } = await setUp({ webSocket });
    const quick = client.request("health", {});
    const own = client.request("status", {}, { timeoutMs: 50 });
    const waiting = client.request("agent.wait", { runId: "r" });
    const requests = [await peer.request(), await peer.request(), await peer.request()];
    const late = expect(own).rejects.toMatchObject({ code: "GATEWAY_REQUEST_TIMEOUT" });
    await clock.advance(50);
    await late;
    const limit = expect(quick).rejects.toThrow("did not answer health within 30000 ms");
    await clock.advance(29_950);
    await limit;
    // A late answer to a request that was given up disturbs nothing.
    for (const { id } of requests) peer.respond(id, { ok: true, payload: { runId: "r", status: "ok" } });
    expect((await waiting).status).toBe("ok");
  });

  it("stops waiting when the caller's signal aborts", async () => {
    const { client, peer } = await setUp({ webSocket });
    const controller = new AbortController();
    const call = client.request("agent.wait", { runId: "r" }, { signal: controller.signal });
    await peer.request();
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await expect(client.request("health", {}, { signal: controller.signal })).rejects.toThrow("enough");
  });

  it("rejects what is under way when the connection is lost", async () => {
    const { client, peer } = await setUp({ webSocket, reconnect: false });
    const call = client.request("chat.send", { sessionKey: "a", message: "x", idempotencyKey: "k" });
    await peer.request();
    peer.close(1012, "service restart");
    await expect(call).rejects.toMatchObject({
      code: "GATEWAY_DISCONNECTED",
      closeCode: 1012,
      message: expect.stringContaining("(1012: service restart) before it answered chat.send") as string,
      hint: expect.stringContaining("idempotencyKey") as string,
    });
    await expect(client.request("health", {})).rejects.toMatchObject({ code: "GATEWAY_DISCONNECTED" });
  });

  it("does not send what the gateway would close the connection for", async () => {
    const { client, peer } = await setUp({ webSocket });
    const message = "ü".repeat(262_144);
    const call = client.request("chat.send", { sessionKey: "a", message, idempotencyKey: "k" });
    await expect(call).rejects.toMatchObject({ code: "GATEWAY_REQUEST_TOO_LARGE" });
    const after = client.request("health", {});
    peer.respond((await peer.request()).id, { ok: true, payload: {} });
    await after;
  });

  it("survives garbage", async () => {
    const { client, peer } = await setUp({ webSocket });
    const events: unknown[] = [];
    client.on("event", (frame) => void events.push(frame));
    const call = client.request("health", {});
    const { id } = await peer.request();
    const garbage = [
      "",
      "{",
      "null",
      "[]",
      "7",
      '"x"',
      Buffer.from([0, 255]),
      { type: "res" },
      { type: "res", id, ok: "yes" },
      { type: "res", id: "9999", ok: true },
      { type: "event" },
      { type: "event", event: 5 },
      { type: "req", id: "1", method: "health" },
      { type: "__proto__" },
    ];
    for (const frame of garbage) peer.send(frame);
    peer.send({ type: "event", event: "constructor", payload: null, seq: "x", stateVersion: { presence: "no" } });
    peer.respond(id, { ok: true, payload: { ok: true } });
    expect(await call).toEqual({ ok: true });
    expect(events).toEqual([{ type: "event", event: "constructor", payload: null }]);
    peer.respond("0", { ok: false });
    const second = client.request("health", {});
    peer.respond((await peer.request()).id, { ok: false, error: "broken" });
    await expect(second).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("closes for good: everything under way is rejected and nothing connects again", async () => {
    const { client, peer, gateway, clock } = await setUp({ webSocket });
    const call = client.request("agent.wait", { runId: "r" });
    const rejected = expect(call).rejects.toMatchObject({ code: "GATEWAY_CLOSED" });
    await client.close();
    await rejected;
    expect((await peer.closed).code).toBe(1000);
    await expect(client.connect()).rejects.toMatchObject({ code: "GATEWAY_CLOSED" });
    await expect(client.request("health", {})).rejects.toMatchObject({ code: "GATEWAY_CLOSED" });
    await clock.advance(120_000);
    expect(gateway.count()).toBe(1);
    expect(clock.pending()).toEqual([]);
  });
});
