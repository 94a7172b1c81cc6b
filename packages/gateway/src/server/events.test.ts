import { expect, test } from "vitest";
import { openTestSocket, startTestGateway, type TestFrame } from "../../test/test-gateway/index.ts";

const named = (event: string) => (frame: TestFrame) => frame.event === event;

test("each client gets what it may read, all share one sequence", async () => {
  await using gateway = await startTestGateway();
  const all = {
    admin: await gateway.connect(),
    reader: await gateway.connect({ scopes: ["operator.read"] }),
    writer: await gateway.connect({ scopes: ["operator.write"] }),
    pairing: await gateway.connect({ scopes: ["operator.pairing"] }),
    approvals: await gateway.connect({ scopes: ["operator.approvals"] }),
    nothing: await gateway.connect({ scopes: ["x.none"] }),
    node: await gateway.connect({ role: "node", scopes: [] }),
  };
  const { broadcast } = gateway.server;
  broadcast("chat", { text: "private" });
  broadcast("agent", { text: "private" });
  broadcast("cron", {});
  broadcast("device.pair.requested", {});
  broadcast("exec.approval.requested", {});
  broadcast("plugin.own", {});
  broadcast("voicewake.changed", { triggers: [] });
  broadcast("presence", { presence: [] });
  await gateway.clock.advance(30_000);

  const got: Record<string, string> = {};
  for (const [name, client] of Object.entries(all)) {
    await client.next(named("tick"));
    got[name] = client.frames
      .filter((frame) => frame.seq !== undefined)
      .map(({ event, seq }) => `${seq} ${event}`)
      .join(", ");
  }
  const everyone = "7 voicewake.changed, 8 presence, 9 tick";
  const reader = `1 chat, 2 agent, 3 cron, 6 plugin.own, ${everyone}`;
  expect(got).toEqual({
    admin: `1 chat, 2 agent, 3 cron, 4 device.pair.requested, 5 exec.approval.requested, 6 plugin.own, ${everyone}`,
    reader,
    writer: reader,
    pairing: `4 device.pair.requested, ${everyone}`,
    approvals: `5 exec.approval.requested, ${everyone}`,
    nothing: everyone,
    node: everyone,
  });
});

test("a broadcast may be narrowed to a scope", async () => {
  await using gateway = await startTestGateway();
  const admin = await gateway.connect();
  const reader = await gateway.connect({ scopes: ["operator.read"] });
  gateway.server.broadcast("chat", { n: 1 }, { scope: "operator.admin" });
  gateway.server.broadcast("chat", { n: 2 });
  await Promise.all([admin.next((f) => f.seq === 2), reader.next((f) => f.seq === 2)]);
  expect(admin.frames.filter(named("chat"))).toHaveLength(2);
  expect(reader.frames.filter(named("chat"))).toHaveLength(1);
});

test("state versions come with presence and health, not with others", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.connect();
  for (const event of ["presence", "health", "chat"]) gateway.server.broadcast(event, {});
  await client.next(named("chat"));
  const versions = ["presence", "health", "chat"].map((event) => client.frames.find(named(event))?.stateVersion);
  expect(versions).toEqual([{ presence: 1, health: 7 }, { presence: 1, health: 7 }, undefined]);
});

test("a targeted event reaches one client, without a sequence number", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.connect();
  const other = await gateway.connect();
  const connId = (client.hello.payload as { server: { connId: string } }).server.connId;
  expect(gateway.server.sendTo(connId, "node.invoke.request", { id: 1 })).toBe(true);
  expect(gateway.server.sendTo("gone", "node.invoke.request", {})).toBe(false);
  expect(await client.next(named("node.invoke.request"))).toEqual({
    type: "event",
    event: "node.invoke.request",
    payload: { id: 1 },
  });
  await other.call("health");
  expect(other.frames.some(named("node.invoke.request"))).toBe(false);
});

test("ticks come every 30 seconds", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.connect();
  const start = gateway.clock.now();
  await gateway.clock.advance(90_000);
  await client.next((frame) => frame.seq === 3);
  expect(client.frames.filter(named("tick")).map(({ payload }) => payload)).toEqual([
    { ts: start + 30_000 },
    { ts: start + 60_000 },
    { ts: start + 90_000 },
  ]);
});

test("stopping announces itself and closes with 1012; unproved sockets are cut", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.connect();
  const silent = await openTestSocket(gateway.wsUrl);
  const closing = gateway.server.close("restarting");
  expect((await client.next(named("shutdown"))).payload).toEqual({
    reason: "gateway restarting",
    restartExpectedMs: 1500,
  });
  expect(await client.closed).toEqual({ code: 1012, reason: "service restart" });
  expect((await silent.closed).code).toBe(1006);
  await closing;
  await expect(gateway.connect()).rejects.toThrow("ECONNREFUSED");
});

test("presence follows connects and disconnects, except of the command line", async () => {
  await using gateway = await startTestGateway();
  const watcher = await gateway.connect();
  const ui = await gateway.connect({ client: { id: "gateway-client", mode: "ui", displayName: "desk" } });
  const joined = await watcher.next(named("presence"));
  expect(joined.payload).toMatchObject({
    presence: [{ mode: "gateway" }, { host: "desk", mode: "ui", reason: "connect", text: "Node: desk · mode ui" }],
  });
  ui.socket.close();
  const left = await watcher.next((frame) => frame.event === "presence" && frame !== joined);
  expect(left.payload).toMatchObject({ presence: [{ mode: "gateway" }, { host: "desk", reason: "disconnect" }] });
  expect(left.stateVersion).toEqual({ presence: 3, health: 7 });
});

test("system-event reports presence and is validated", async () => {
  await using gateway = await startTestGateway();
  const admin = await gateway.connect();
  expect((await admin.call("system-event", {})).error?.message).toBe("text required");
  expect((await admin.call("system-event", { text: "hello", host: "h", lastInputSeconds: 3 })).payload).toEqual({
    ok: true,
  });
  const event = await admin.next(named("presence"));
  const entry = { text: "hello", host: "h", lastInputSeconds: 3, ts: gateway.clock.now() };
  expect(event.payload).toMatchObject({ presence: [{ mode: "gateway" }, entry] });
  expect((await admin.call("system-presence")).payload).toMatchObject([{ mode: "gateway" }, entry]);
});
