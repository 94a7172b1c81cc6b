import { afterEach, describe, expect, it } from "vitest";
import { connectedPair, nextEvent, socketKinds } from "../../test/test-client.ts";
import { startTestGateway } from "../../test/test-gateway.ts";
import { backoffMs } from "./backoff.ts";
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

it("waits one second, doubles up to thirty and adds at most a fifth", () => {
  const waits = Array.from({ length: 8 }, (_, attempt) => backoffMs(attempt, () => 0));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(backoffMs(0, () => 1)).toBe(1200);
  expect(backoffMs(5000, () => 0)).toBe(30_000);
});

describe.each(socketKinds)("over $kind", ({ webSocket }) => {
  it("connects again after a loss and says hello again", async () => {
    const { gateway, client, clock, peer } = await setUp({ webSocket });
    const ended = nextEvent(client, "disconnect");
    peer.destroy();
    expect((await ended)[0]).toMatchObject({ code: 1006, refused: false, retryInMs: 1000 });
    expect(client.state).toBe("waiting");
    expect(client.hello).toBeUndefined();
    const greeted = nextEvent(client, "hello");
    await clock.advance(999);
    expect(gateway.count()).toBe(1);
    await clock.advance(1);
    await (await gateway.peer()).greet();
    await greeted;
    expect(client.state).toBe("connected");
  });

  it("backs off while nobody listens, then finds the gateway at the same address", async () => {
    const { gateway, client, clock } = await setUp({ webSocket });
    const port = Number(new URL(gateway.url).port);
    const waits: Array<number | undefined> = [];
    client.on("disconnect", ({ retryInMs }) => void waits.push(retryInMs));
    await gateway.close();
    for (let attempt = 1; attempt <= 4; attempt++) {
      await expect.poll(() => waits.length).toBe(attempt);
      await clock.advance(waits.at(-1)!);
    }
    await expect.poll(() => waits).toEqual([1000, 2000, 4000, 8000, 16_000]);
    const reborn = await startTestGateway(port);
    cleanups.push(() => reborn.close());
    const greeted = nextEvent(client, "hello");
    // The user is impatient: connect() does not wait for the timer.
    const connecting = client.connect();
    const peer = await reborn.peer();
    await peer.greet();
    await Promise.all([connecting, greeted]);
    peer.destroy();
    await expect.poll(() => waits.at(-1)).toBe(1000);
  });

  it("stays closed when it was closed between two attempts", async () => {
    const { gateway, client, clock, peer } = await setUp({ webSocket });
    const ended = nextEvent(client, "disconnect");
    peer.destroy();
    await ended;
    await client.close();
    await clock.advance(120_000);
    expect(client.state).toBe("closed");
    expect(clock.pending()).toEqual([]);
    expect(gateway.count()).toBe(1);
  });

  it("comes back when a restarting gateway said it would", async () => {
    const { client, peer } = await setUp({ webSocket });
    const ended = nextEvent(client, "disconnect");
    const payload = { reason: "gateway restarting", restartExpectedMs: 1500 };
    peer.send({ type: "event", event: "shutdown", payload, seq: 1 });
    peer.close(1012, "service restart");
    expect((await ended)[0]).toMatchObject({ code: 1012, reason: "service restart", retryInMs: 1500 });
  });

  it("closes with 4000 when two tick intervals pass in silence, and ticks keep it open", async () => {
    const { client, clock, peer } = await setUp({ webSocket });
    for (let tick = 1; tick <= 3; tick++) {
      await clock.advance(45_000);
      const heard = nextEvent(client, "tick");
      peer.send({ type: "event", event: "tick", payload: { ts: tick }, seq: tick });
      await heard;
    }
    const ended = nextEvent(client, "disconnect");
    await clock.advance(59_999);
    expect(client.state).toBe("connected");
    await clock.advance(1);
    expect((await ended)[0]).toMatchObject({ code: 4000, reason: "tick timeout", retryInMs: 1000 });
    expect(await peer.closed).toEqual({ code: 4000, reason: "tick timeout" });
  });

  it("tries again when the gateway is merely not ready", async () => {
    const { gateway, client, clock, peer } = await setUp({ webSocket });
    peer.destroy();
    await nextEvent(client, "disconnect");
    const ended = nextEvent(client, "disconnect");
    await clock.advance(1000);
    const second = await gateway.peer();
    second.send({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } });
    const { id } = await second.request();
    second.respond(id, { ok: false, error: { code: "UNAVAILABLE", message: "gateway starting" } });
    second.close(1013, "gateway starting");
    expect((await ended)[0]).toMatchObject({ refused: false, retryInMs: 2000 });
  });
});

describe("events", () => {
  it("delivers typed payloads, and holes in the count as gaps", async () => {
    const { client, peer } = await setUp();
    const ticks: number[] = [];
    const gaps: unknown[] = [];
    const names: string[] = [];
    const off = client.on("tick", ({ ts }) => void ticks.push(ts));
    client.on("gap", (gap) => void gaps.push(gap));
    client.on("event", ({ event }) => void names.push(event));
    const tick = (ts: number, seq?: number) => peer.send({ type: "event", event: "tick", payload: { ts }, seq });
    // The first number is where this socket starts; events without one are not counted.
    for (const [ts, seq] of [
      [1, 24],
      [2, 25],
      [3, undefined],
      [4, 28],
      [5, 29],
    ] as const)
      tick(ts, seq);
    peer.send({ type: "event", event: "gap", payload: {}, seq: 30 });
    peer.send({ type: "event", event: "plugin.thing", payload: {}, seq: 31 });
    await expect.poll(() => names.at(-1)).toBe("plugin.thing");
    expect(ticks).toEqual([1, 2, 3, 4, 5]);
    expect(gaps).toEqual([{ expected: 26, received: 28 }]);
    off();
    tick(6, 32);
    await expect.poll(() => names.length).toBe(8);
    expect(ticks).toHaveLength(5);
  });

  it("starts counting anew on a new socket", async () => {
    const { gateway, client, clock, peer } = await setUp();
    const gaps: unknown[] = [];
    client.on("gap", (gap) => void gaps.push(gap));
    const first = nextEvent(client, "tick");
    peer.send({ type: "event", event: "tick", payload: { ts: 1 }, seq: 500 });
    await first;
    peer.destroy();
    await nextEvent(client, "disconnect");
    await clock.advance(1000);
    const second = await gateway.peer();
    const next = nextEvent(client, "tick");
    await second.greet();
    second.send({ type: "event", event: "tick", payload: { ts: 2 }, seq: 3 });
    await next;
    expect(gaps).toEqual([]);
  });
});
