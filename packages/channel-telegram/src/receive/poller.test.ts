import { createFakeClock, createMemoryStore } from "@openclaw/testkit";
import { expect, it } from "vitest";
import { connect, never, startEmulator } from "../../test/connect.ts";

it("hands over a message and answers it", async () => {
  const emulator = await startEmulator();
  const { connection, host } = await connect(emulator);
  emulator.inject.dm({ text: "hello" });
  const inbound = await host.waitForInbound((one) => one.text === "hello");
  expect(inbound).toMatchObject({
    key: "update:1000",
    kind: "message",
    target: "7001",
    chat: { kind: "direct", id: "7001" },
    sender: { id: "7001", name: "Ada", username: "ada" },
  });
  const sent = await connection.send(inbound.target, { id: "1", text: "hi there" }, never);
  expect(emulator.messages(7001).at(-1)).toMatchObject({ messageId: Number(sent.messageId), text: "hi there" });
  expect(connection.health()).toMatchObject({
    inbound: { state: "up" },
    outbound: { state: "up" },
    identity: "@emulated_bot",
  });
});

it("confirms an update only after the gateway has stored it", async () => {
  const emulator = await startEmulator();
  const { host } = await connect(emulator);
  host.failReceive(1);
  emulator.inject.dm({ text: "precious" });
  emulator.inject.dm({ text: "next" });
  await host.waitForInbound((one) => one.text === "next");
  expect(host.calls.map((one) => one.text)).toEqual(["precious", "precious", "next"]);
  await expect.poll(() => emulator.pending().length).toBe(0);
});

it("does not process again after a restart what was handed over before", async () => {
  const emulator = await startEmulator();
  const store = createMemoryStore();
  const first = await connect(emulator, {}, { store });
  emulator.inject.dm({ text: "one" });
  await first.host.waitForInbound((one) => one.text === "one");
  await first.connection.close();
  emulator.inject.dm({ text: "two" });
  const second = await connect(emulator, {}, { store });
  await second.host.waitForInbound((one) => one.text === "two");
  expect(second.host.calls.map((one) => one.text)).toEqual(["two"]);
});

it("reads everything pending when the stored offset is older than the platform keeps its ids", async () => {
  const emulator = await startEmulator();
  const store = createMemoryStore();
  await store.set("offset:4242", { lastUpdateId: 999_999, at: Date.now() - 8 * 24 * 3600 * 1000 });
  emulator.inject.dm({ text: "ids began anew" });
  const { host } = await connect(emulator, {}, { store });
  await host.waitForInbound((one) => one.text === "ids began anew");
});

it("hears updates whose ids began anew below the last one", async () => {
  const emulator = await startEmulator();
  const { connection, host } = await connect(emulator);
  emulator.inject.dm({ text: "a week ago" });
  await host.waitForInbound((one) => one.text === "a week ago");
  // The reconnect's first poll comes back empty, as all polls of a quiet week.
  await emulator.dropConnections();
  await expect
    .poll(() => connection.health(), { timeout: 5000 })
    .toMatchObject({ reconnects: 1, inbound: { state: "up" } });
  emulator.stopDelivering();
  emulator.renumberUpdates(5);
  emulator.inject.dm({ text: "today" });
  await emulator.dropConnections();
  emulator.resume();
  expect((await host.waitForInbound((one) => one.text === "today")).key).toBe("update:5");
});

it("cuts a poll that never returns within 90 s and hears again when it can", async () => {
  const emulator = await startEmulator();
  const clock = createFakeClock();
  const { connection, host } = await connect(emulator, {}, { clock });
  await expect.poll(() => connection.health().inbound.state).toBe("up");
  emulator.stopDelivering();
  emulator.inject.dm({ text: "while deaf" });
  await clock.advance(89_000);
  await expect.poll(() => connection.health().inbound.state).toBe("down");
  await connection.send("7001", { id: "1", text: "sending still works" }, never);
  expect(connection.health()).toMatchObject({
    outbound: { state: "up" },
    inbound: { lastError: expect.stringContaining("no answer within 45 s") },
  });
  emulator.resume();
  await expect
    .poll(
      async () => {
        await clock.advance(10_000);
        return host.received.map((one) => one.text);
      },
      { timeout: 5000 },
    )
    .toEqual(["while deaf"]);
  await expect.poll(() => connection.health().inbound.state).toBe("up");
});

it("says what to do about a revoked token and recovers with it", async () => {
  const emulator = await startEmulator();
  const { connection } = await connect(emulator);
  await expect.poll(() => connection.health().inbound.state).toBe("up");
  emulator.revokeToken();
  await expect.poll(() => connection.health().problem).toMatch(/BotFather/);
  emulator.restoreToken();
  await expect.poll(() => connection.health(), { timeout: 5000 }).toMatchObject({ inbound: { state: "up" } });
  expect(connection.health().problem).toBeUndefined();
});

it("names the second program that polls with the same token", async () => {
  const emulator = await startEmulator();
  const { connection } = await connect(emulator);
  await connect(emulator);
  await expect.poll(() => connection.health().problem ?? "", { timeout: 5000 }).toMatch(/another program/);
});

it("takes back a webhook that was set elsewhere", async () => {
  const emulator = await startEmulator();
  const { host } = await connect(emulator);
  await fetch(`${emulator.apiRoot}/bot${emulator.token}/setWebhook?url=http://127.0.0.1:1/x`);
  emulator.inject.dm({ text: "after the thief" });
  await host.waitForInbound((one) => one.text === "after the thief");
});

it("survives dropped connections, gateway errors and nonsense answers", async () => {
  const emulator = await startEmulator();
  const { connection, host } = await connect(emulator);
  await expect.poll(() => connection.health().inbound.state).toBe("up");
  emulator.failNext({ method: "getUpdates", status: 502 });
  emulator.failNext({ method: "getUpdates", badJson: true });
  await emulator.dropConnections();
  emulator.inject.dm({ text: "through it all" });
  await host.waitForInbound((one) => one.text === "through it all", 10_000);
  expect(host.calls.map((one) => one.text)).toEqual(["through it all"]);
  expect(connection.health().reconnects).toBeGreaterThanOrEqual(3);
});

it("closes within its bound even when the gateway never finishes storing", async () => {
  const emulator = await startEmulator();
  const clock = createFakeClock();
  const { connection, host } = await connect(emulator, {}, { clock });
  const release = host.holdReceive();
  emulator.inject.dm({ text: "stuck" });
  await expect.poll(() => host.calls.length).toBe(1);
  const closing = connection.close();
  await clock.advance(5000);
  await closing;
  release();
});
