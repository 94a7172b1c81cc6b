import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { openTestSocket, startTestGateway } from "../../test/test-gateway/index.ts";

const UPGRADE_HEAD = [
  "GET / HTTP/1.1",
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
].join("\r\n");

async function openRaw(port: number, text: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

async function closedOf(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.closed) await once(socket, "close");
}

test.each([
  ["half an upgrade request", `${UPGRADE_HEAD}\r\n`],
  ["an upgrade and then silence", `${UPGRADE_HEAD}\r\n\r\n`],
  ["nothing", ""],
  ["half a body", "POST /hook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nx"],
])("1,000 connections with %s do not keep a good client out", { timeout: 30_000 }, async (_name, text) => {
  const webhooks = { match: () => async () => new Response("ok") };
  await using gateway = await startTestGateway({ http: { webhooks } });
  const crowd = await Promise.all(Array.from({ length: 1000 }, () => openRaw(gateway.server.port, text)));
  const client = await gateway.connect();
  expect((await client.call("health")).ok).toBe(true);
  // The good client is not one of those that may be pushed out any more.
  const more = await Promise.all(Array.from({ length: 300 }, () => openRaw(gateway.server.port, text)));
  expect((await client.call("health")).ok).toBe(true);
  // The oldest had to make room.
  await Promise.all(crowd.slice(0, 500).map(closedOf));
  for (const socket of [...crowd, ...more]) socket.destroy();
});

test.each([
  ["nothing", ""],
  ["half an upgrade request", `${UPGRADE_HEAD}\r\n`],
])("a connection with %s ends at the handshake's deadline", async (_name, text) => {
  await using gateway = await startTestGateway();
  const socket = await openRaw(gateway.server.port, text);
  const client = await gateway.connect();
  socket.resume();
  await gateway.clock.advance(9_999);
  await client.call("health");
  expect(socket.readyState).toBe("open");
  await gateway.clock.advance(1);
  await once(socket, "close");
});

test("a frame of 10 MB closes with 1009 and no reason", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.connect();
  client.send({ type: "req", id: "big", method: "health", params: { text: "x".repeat(10_000_000) } });
  expect(await client.closed).toEqual({ code: 1009, reason: "" });
});

test("a request of 500 KiB is taken", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.connect();
  expect((await client.call("health", { text: "x".repeat(500 * 1024) })).ok).toBe(true);
});

test.each([600_000, 80_000])("%i bytes before hello close with 1009", async (size) => {
  await using gateway = await startTestGateway();
  const client = await openTestSocket(gateway.wsUrl);
  await client.next((frame) => frame.event === "connect.challenge");
  client.send({ type: "req", id: "big", method: "connect", params: { text: "x".repeat(size) } });
  expect(await client.closed).toEqual({ code: 1009, reason: "" });
});

test("a broken WebSocket frame closes that socket only", async () => {
  await using gateway = await startTestGateway();
  const good = await gateway.connect();
  const raw = await openRaw(gateway.server.port, `${UPGRADE_HEAD}\r\n\r\n`);
  await once(raw, "data");
  // Reserved bits set, unmasked, with a length that never comes.
  raw.write(Buffer.from([0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
  await once(raw, "close");
  expect((await good.call("health")).ok).toBe(true);
});

test("a slow reader misses droppable events and is closed with 1008 for others; its answers are kept", async () => {
  await using gateway = await startTestGateway();
  const slow = await gateway.connect();
  const quick = await gateway.connect();
  slow.socket.pause();
  const filler = "x".repeat(1024 * 1024);
  const connId = gateway.server.clients()[0]?.connId ?? "";
  // Fills the kernel's buffers, then the gateway's.
  let sent = 0;
  while (sent < 64 && gateway.server.sendTo(connId, "filler", filler)) sent += 1;
  expect(sent).toBeGreaterThan(1);
  expect(sent).toBeLessThan(64);
  expect(await Promise.race([slow.closed, Promise.resolve("open")])).toBe("open");
  slow.socket.resume();
  expect(await slow.closed).toEqual({ code: 1008, reason: "slow consumer" });
  expect((await quick.call("health")).ok).toBe(true);
});

test("droppable events leave a gap for a slow reader, who stays connected", async () => {
  await using gateway = await startTestGateway();
  gateway.methods.set("x.large", () => "x".repeat(16 * 1024 * 1024));
  const slow = await gateway.connect();
  // 16 MB are more than the kernel takes, so the answer stays in the gateway until it is read.
  slow.send({ type: "req", id: "large", method: "x.large" });
  slow.socket.pause();
  const quick = await gateway.connect();
  gateway.server.broadcast("talk.mode", { enabled: true });
  await quick.next((frame) => frame.event === "talk.mode");
  gateway.server.broadcast("health", { ok: true });
  await quick.next((frame) => frame.event === "health");
  slow.socket.resume();
  const answer = await slow.next((frame) => frame.id === "large");
  expect(answer.payload).toHaveLength(16 * 1024 * 1024);
  expect((await slow.call("health")).ok).toBe(true);
  gateway.server.broadcast("chat", { state: "delta" });
  const chat = await slow.next((frame) => frame.event === "chat");
  expect(chat.seq).toBe(3);
  expect(slow.frames.filter((frame) => frame.event === "talk.mode" || frame.event === "health")).toEqual([]);
});

test("a client that does not read its answers is not read from", async () => {
  await using gateway = await startTestGateway();
  let calls = 0;
  gateway.methods.set("x.large", () => {
    calls += 1;
    return "x".repeat(1024 * 1024);
  });
  const client = await gateway.connect();
  client.socket.pause();
  for (let i = 0; i < 64; i++) client.send({ type: "req", id: `large-${i}`, method: "x.large" });
  const other = await gateway.connect();
  for (let i = 0; i < 20; i++) await other.call("health");
  expect(calls).toBeLessThan(32);
  client.socket.resume();
  for (let i = 0; i < 64; i++) expect((await client.next((frame) => frame.id === `large-${i}`)).ok).toBe(true);
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
});
