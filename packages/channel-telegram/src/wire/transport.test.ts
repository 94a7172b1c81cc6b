import { Agent as HttpAgent, createServer } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { createServer as createTcpServer, type Server } from "node:net";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, expect, it } from "vitest";
import { readBody } from "./read-body.ts";
import { createTransport, type Transport } from "./transport.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function transport(secure = false, clock = createFakeClock()): Transport {
  const made = createTransport(
    secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true }),
    clock,
  );
  cleanups.push(() => made.close());
  return made;
}

const post = { method: "POST", body: "x" };

it("knows that nothing left when the TLS handshake broke", async () => {
  const port = await listen(createTcpServer((socket) => socket.once("data", () => socket.destroy())));
  const made = transport(true);
  await expect(made.open(`https://127.0.0.1:${port}/`, post)).rejects.toMatchObject({ phase: "connect" });
});

it("knows that nothing left when no handshake came about in time", async () => {
  const port = await listen(createTcpServer());
  const clock = createFakeClock();
  const made = transport(true, clock);
  const opening = expect(made.open(`https://127.0.0.1:${port}/`, post)).rejects.toMatchObject({
    phase: "connect",
    message: "no connection within 15 s",
  });
  await clock.advance(15_000);
  await opening;
});

it("knows that nothing left when the name does not resolve", async () => {
  const made = transport();
  await expect(made.open("http://no-such-host.invalid/", post)).rejects.toMatchObject({ phase: "connect" });
});

it("does not know when the connection broke afterwards, on a new and on a kept-alive one", async () => {
  let cut = false;
  const port = await listen(
    createServer((request, response) => {
      if (cut) request.socket.destroy();
      else response.end("fine");
    }),
  );
  const made = transport();
  const url = `http://127.0.0.1:${port}/`;
  expect((await readBody(await made.open(url, post), 100)).toString()).toBe("fine");
  cut = true;
  await expect(made.open(url, post)).rejects.toMatchObject({ phase: "exchange" });
  // The broken connection is not used again.
  await expect(made.open(url, post)).rejects.toMatchObject({ phase: "exchange" });
});

it("cuts off a body that is too long or never ends", async () => {
  const port = await listen(createServer((_, response) => void response.write("x".repeat(200))));
  const made = transport();
  const url = `http://127.0.0.1:${port}/`;
  await expect(readBody(await made.open(url, post), 100)).rejects.toThrow(/larger than 100 bytes/);
  const aborting = new AbortController();
  const response = await made.open(url, { ...post, signal: aborting.signal });
  const reading = expect(readBody(response, 1000)).rejects.toMatchObject({ phase: "exchange" });
  aborting.abort();
  await reading;
});
