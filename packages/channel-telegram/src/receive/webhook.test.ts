import { createServer } from "node:http";
import type { Connection } from "@openclaw/plugin-sdk";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, expect, it } from "vitest";
import { connect, startEmulator } from "../../test/connect.ts";

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

/** A stand-in for the gateway's HTTP port: passes requests on to the connection once there is one. */
async function startPort() {
  let connection: Connection | undefined;
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
      void answer(
        new Request(`http://gateway${request.url}`, { method: "POST", headers, body: Buffer.concat(chunks) }),
      );
    });
    const answer = async (asked: Request) => {
      const { status } = (await connection?.handle?.(asked)) ?? { status: 502 };
      statuses.push(status);
      response.writeHead(status).end();
    };
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stop = () => new Promise((resolve) => server.close(() => resolve()));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/telegram-webhook`,
    statuses,
    attach(to: Connection) {
      connection = to;
    },
  };
}

it("receives through its path, and only acknowledges what is stored", async () => {
  const emulator = await startEmulator({ webhookRetryMs: 10 });
  const port = await startPort();
  const { connection, host } = await connect(emulator, { webhookUrl: port.url, webhookSecret: "s3cret" });
  port.attach(connection);
  expect(connection.webhookPath).toBe("/telegram-webhook");
  host.failReceive(2);
  emulator.inject.dm({ text: "by webhook" });
  await host.waitForInbound((one) => one.text === "by webhook");
  await expect.poll(() => emulator.pending().length).toBe(0);
  expect(port.statuses).toEqual([503, 503, 200]);
  expect(emulator.calls("getUpdates")).toEqual([]);
});

it.each([
  ["a wrong secret", { "x-telegram-bot-api-secret-token": "guess" }, "POST", "{}", 401],
  ["no secret", {}, "POST", "{}", 401],
  ["another method", { "x-telegram-bot-api-secret-token": "s3cret" }, "GET", undefined, 405],
  ["no update", { "x-telegram-bot-api-secret-token": "s3cret" }, "POST", "{}", 400],
  ["no JSON", { "x-telegram-bot-api-secret-token": "s3cret" }, "POST", "<x>", 400],
])("refuses %s", async (_, headers, method, body, status) => {
  const emulator = await startEmulator();
  const { connection, host } = await connect(emulator, { webhookUrl: "http://127.0.0.1:1/x", webhookSecret: "s3cret" });
  const answer = await connection.handle?.(new Request("http://gateway/x", { method, headers, body }));
  expect(answer?.status).toBe(status);
  expect(host.calls).toEqual([]);
});

it("makes a secret of its own when none is configured", async () => {
  const emulator = await startEmulator();
  await connect(emulator, { webhookUrl: "http://127.0.0.1:1/x" });
  const secret = emulator.calls("setWebhook")[0]?.params["secret_token"];
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(emulator.token).not.toContain(secret);
});

it("turns red when the platform cannot deliver, and green when it can", async () => {
  const emulator = await startEmulator({ webhookRetryMs: 10 });
  const port = await startPort();
  const clock = createFakeClock();
  const { connection, host } = await connect(emulator, { webhookUrl: port.url }, { clock });
  emulator.inject.dm({ text: "nobody is in" });
  await expect.poll(() => port.statuses.length).toBeGreaterThan(0);
  await clock.advance(60_000);
  await expect.poll(() => connection.health().inbound.state).toBe("down");
  expect(connection.health().problem).toMatch(/webhookUrl .*502/);
  port.attach(connection);
  await host.waitForInbound((one) => one.text === "nobody is in");
  await clock.advance(60_000);
  await expect.poll(() => connection.health().problem).toBeUndefined();
  expect(connection.health().inbound.state).toBe("up");
});

it("sets the webhook again when somebody took it away", async () => {
  const emulator = await startEmulator();
  const clock = createFakeClock();
  await connect(emulator, { webhookUrl: "http://127.0.0.1:1/x" }, { clock });
  await fetch(`${emulator.apiRoot}/bot${emulator.token}/deleteWebhook`);
  await clock.advance(60_000);
  await expect.poll(() => emulator.calls("setWebhook").length).toBe(2);
});

it("says what is wrong with an address the platform refuses", async () => {
  const emulator = await startEmulator();
  emulator.failNext({
    method: "setWebhook",
    status: 400,
    description: "Bad Request: bad webhook: HTTPS url must be provided",
  });
  await expect(connect(emulator, { webhookUrl: "http://127.0.0.1:1/x" })).rejects.toThrow(/HTTPS url must be provided/);
  await expect(connect(emulator, { webhookUrl: "http://127.0.0.1:1/x", webhookSecret: "a b" })).rejects.toThrow(
    /webhookSecret/,
  );
});
