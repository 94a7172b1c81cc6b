import { createServer as createHttpServer } from "node:http";
import { connect as connectTcp, createServer as createTcpServer, type Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { connect, never, startEmulator } from "../../test/connect.ts";

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

it("goes through an http proxy", async () => {
  let tunnels = 0;
  const proxy = createHttpServer().on("connect", (request, client) => {
    tunnels += 1;
    const upstream = connectTcp(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  const port = await listen(proxy);
  const emulator = await startEmulator();
  emulator.inject.dm({ text: "hi" });
  const { connection, host } = await connect(emulator, { proxy: `http://127.0.0.1:${port}` });
  await host.waitForInbound((one) => one.text === "hi");
  await connection.send("7001", { id: "1", text: "proxied" }, never);
  expect(tunnels).toBeGreaterThan(0);
});

it("goes through a SOCKS5 proxy", async () => {
  let tunnels = 0;
  const proxy = createTcpServer((client) => {
    client.once("data", () => {
      client.write(Buffer.from([5, 0]));
      client.once("data", (request: Buffer) => {
        tunnels += 1;
        const upstream = connectTcp(request.readUInt16BE(request.length - 2), "127.0.0.1", () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          upstream.pipe(client).pipe(upstream);
        });
        upstream.on("error", () => client.destroy());
      });
    });
    client.on("error", () => {});
  });
  const port = await listen(proxy);
  const emulator = await startEmulator();
  emulator.inject.dm({ text: "hi" });
  const { connection } = await connect(emulator, { proxy: `socks5://127.0.0.1:${port}` });
  await connection.send("7001", { id: "1", text: "proxied" }, never);
  expect(tunnels).toBeGreaterThan(0);
});

it("knows that a dead proxy sent nothing, and refuses other kinds", async () => {
  const emulator = await startEmulator();
  const port = await listen(createTcpServer());
  await stop?.();
  await expect(connect(emulator, { proxy: `http://127.0.0.1:${port}` })).rejects.toMatchObject({
    kind: "unavailable",
    outcome: "not-sent",
  });
  await expect(connect(emulator, { proxy: "gopher://x" })).rejects.toThrow(/channels\.telegram\.proxy/);
});
