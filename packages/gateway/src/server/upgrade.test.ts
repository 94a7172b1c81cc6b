import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { createTestDevice, startTestGateway, type TestGatewayOptions } from "../../test/test-gateway/index.ts";

/** Status of an upgrade request; 101 when it was accepted. */
function upgrade(port: number, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: "127.0.0.1", headers: { ...UPGRADE, ...headers } });
    outgoing.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    outgoing.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

describe("upgrade by origin and host", () => {
  const allowed: TestGatewayOptions = { settings: { allowedOrigins: ["https://ui.example.com/"] } };
  const proxied: TestGatewayOptions = { settings: { trustedProxies: ["127.0.0.0/8"] } };
  const forwarded = { "x-forwarded-for": "203.0.113.9" };

  test.each<[string, Record<string, string>, number, TestGatewayOptions?]>([
    ["no origin, loopback host", {}, 101],
    ["no origin, foreign host (a program through a tunnel)", { host: "example.com" }, 101],
    ["foreign origin", { origin: "https://evil.example" }, 403],
    ["foreign origin with a loopback look", { origin: "http://localhost.evil.example" }, 403],
    ["opaque origin", { origin: "null" }, 403],
    ["origin of another scheme", { origin: "file://" }, 403],
    ["loopback origin of another port", { origin: "http://localhost:5173" }, 101],
    ["IPv6 loopback origin", { origin: "http://[::1]:5173" }, 101],
    ["rebound name: same origin, foreign host", { origin: "http://evil.example", host: "evil.example" }, 403],
    ["listed origin, loopback host", { origin: "https://ui.example.com" }, 101, allowed],
    ["listed origin, its own host", { origin: "https://ui.example.com", host: "ui.example.com" }, 101, allowed],
    [
      "same host behind a trusted proxy",
      { origin: "https://gw.example", host: "gw.example", ...forwarded },
      101,
      proxied,
    ],
    [
      "host restored by a trusted proxy",
      { origin: "https://gw.example", "x-forwarded-host": "gw.example", ...forwarded },
      101,
      proxied,
    ],
    [
      "another port of the same host",
      { origin: "https://gw.example:8443", host: "gw.example", ...forwarded },
      403,
      proxied,
    ],
    ["not a WebSocket upgrade", { upgrade: "h2c" }, 400],
  ])("%s", async (_name, headers, status, options = {}) => {
    await using gateway = await startTestGateway(options);
    expect(await upgrade(gateway.server.port, headers)).toBe(status);
  });
});

describe("a connection counts as local", () => {
  const localHost = { host: "localhost" };
  const proxy = { trustedProxies: ["127.0.0.1"] };

  test.each<[string, Record<string, string>, boolean, TestGatewayOptions["settings"]?]>([
    ["from loopback, for loopback", localHost, true],
    ["not for a foreign host name", { host: "gateway.example" }, false],
    ["not with a forwarding header", { ...localHost, "x-forwarded-for": "127.0.0.1" }, false],
    ["not with a standard forwarding header", { ...localHost, forwarded: "for=127.0.0.1" }, false],
    ["not through a tunnel that names itself", { ...localHost, "cf-connecting-ip": "127.0.0.1" }, false],
    ["not for a remote client of a trusted proxy", { ...localHost, "x-forwarded-for": "203.0.113.9" }, false, proxy],
    ["not when the client wrote a hop", { ...localHost, "x-forwarded-for": "127.0.0.1, 203.0.113.9" }, false, proxy],
    [
      "not when the trusted proxy's hop is unreadable",
      { ...localHost, "x-forwarded-for": "127.0.0.1, x" },
      false,
      proxy,
    ],
    ["for a local client of a trusted proxy", { ...localHost, "x-real-ip": "127.0.0.1" }, true, proxy],
  ])("%s", async (_name, headers, isLocal, settings) => {
    await using gateway = await startTestGateway({ settings });
    const { hello } = await gateway.connect({ device: createTestDevice(), headers });
    expect(hello.error?.message).toBe(isLocal ? undefined : "pairing required");
  });
});

test("a trusted proxy's client address is the one shown to the owner", async () => {
  await using gateway = await startTestGateway({ settings: { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] } });
  const headers = { "x-forwarded-for": "198.51.100.7, 203.0.113.9, 10.1.2.3" };
  await gateway.connect({ device: createTestDevice(), headers });
  expect(gateway.devices.list().pending).toMatchObject([{ remoteIp: "203.0.113.9" }]);
});
