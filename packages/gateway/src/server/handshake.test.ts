import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  connectParams,
  type ConnectOptions,
  createTestDevice,
  openTestSocket,
  startTestGateway,
  type TestGateway,
  TOKEN,
} from "../../test/test-gateway/index.ts";

interface Recorded {
  res: { ok?: true; auth?: object; code?: string; message?: string; details?: Record<string, unknown> };
  close: { code: number; reason: string } | null;
}

/** What the reference gateway answered to the same connects. */
const recorded = JSON.parse(
  readFileSync(new URL("./fixtures/handshake-matrix.json", import.meta.url), "utf8"),
) as Record<string, Recorded>;

const MINUTE = 60_000;
const device = createTestDevice();
const scopeDevice = createTestDevice();
const remote = { host: "example.com" };
const browser = (id: string, mode: string, origin?: string): ConnectOptions => ({
  device,
  client: { id, mode },
  ...(origin ? { headers: { origin } } : {}),
});

const cases: Record<string, (gateway: TestGateway) => ConnectOptions> = {
  "ok-v2": () => ({ device }),
  "ok-v1-local-no-nonce": () => ({ device, withNonce: false }),
  "nodevice-token": () => ({}),
  "nodevice-notoken": () => ({ auth: undefined }),
  "nodevice-badtoken": () => ({ auth: { token: "wrong" } }),
  "device-notoken": () => ({ device, auth: undefined }),
  "device-badtoken": () => ({ device, auth: { token: "wrong" } }),
  "password-in-token-mode": () => ({ device, auth: { password: TOKEN } }),
  "proto-4-9": () => ({ device, params: { minProtocol: 4, maxProtocol: 9 } }),
  "proto-1-2": () => ({ device, params: { minProtocol: 1, maxProtocol: 2 } }),
  "proto-1-9": () => ({ device, params: { minProtocol: 1, maxProtocol: 9 } }),
  "role-bad": () => ({ device, role: "owner" }),
  "extra-prop": () => ({ device, params: { foo: 1 } }),
  "skew+9m": ({ clock }) => ({ device, signedAtMs: clock.now() + 9 * MINUTE }),
  "skew+11m": ({ clock }) => ({ device, signedAtMs: clock.now() + 11 * MINUTE }),
  "skew-11m": ({ clock }) => ({ device, signedAtMs: clock.now() - 11 * MINUTE }),
  badsig: () => ({
    device,
    changeDevice: (part) => ({ ...part, signature: device.sign("another text").toString("base64url") }),
  }),
  "bad-nonce": () => ({ device, changeDevice: (part) => ({ ...part, nonce: "another" }) }),
  "devid-mismatch": () => ({ device, changeDevice: (part) => ({ ...part, id: "0".repeat(64) }) }),
  "pub-base64": () => ({
    device,
    changeDevice: (part) => ({ ...part, publicKey: Buffer.from(part.publicKey, "base64url").toString("base64") }),
  }),
  "sig-base64": () => ({
    device,
    changeDevice: (part) => ({ ...part, signature: Buffer.from(part.signature, "base64url").toString("base64") }),
  }),
  "pub-pem": () => ({ device, changeDevice: (part) => ({ ...part, publicKey: device.publicPem }) }),
  "remote-host": () => ({ device: createTestDevice(), headers: remote }),
  "remote-host-nonce-missing": () => ({ device, headers: remote, withNonce: false }),
  "remote-nodevice": () => ({ headers: remote }),
  "xff-untrusted": () => ({ device: createTestDevice(), headers: { "x-forwarded-for": "203.0.113.9" } }),
  "ui-no-origin": () => browser("openclaw-control-ui", "ui"),
  "ui-origin-ok": ({ httpUrl }) => browser("openclaw-control-ui", "ui", httpUrl),
  "ui-origin-localhost": () => browser("openclaw-control-ui", "ui", "http://localhost:5173"),
  "ui-nodevice": ({ httpUrl }) => ({ ...browser("openclaw-control-ui", "ui", httpUrl), device: undefined }),
  "webchat-no-origin": () => browser("webchat", "webchat"),
  "webchat-ui-no-origin": () => browser("webchat-ui", "ui"),
  "mode-webchat-cli-no-origin": () => browser("cli", "webchat"),
  "scopes-empty": () => ({ device, scopes: [] }),
  "scopes-unknown": () => ({ device: scopeDevice, scopes: ["foo.bar"] }),
  "scope-upgrade": () => ({ device: scopeDevice, scopes: ["x.y", "operator.read"] }),
  "node-role": () => ({ device, role: "node", scopes: [] }),
  "role-omitted": () => ({ device, role: undefined }),
};
for (const name of Object.keys(recorded)) {
  const [kind, value] = name.split(":");
  if (kind === "id") cases[name] = ({ httpUrl }) => ({ device, client: { id: value }, headers: { origin: httpUrl } });
  if (kind === "mode")
    cases[name] = ({ httpUrl }) => ({ device, client: { mode: value }, headers: { origin: httpUrl } });
}
cases.badclientid = () => ({ device, client: { id: "nobody" } });
cases.badmode = () => ({ device, client: { mode: "nothing" } });

describe("connect is answered as the reference gateway answers it", () => {
  let gateway: TestGateway;
  beforeAll(async () => void (gateway = await startTestGateway()));
  afterAll(() => gateway[Symbol.asyncDispose]());

  test.each(Object.entries(cases))("%s", async (name, optionsOf) => {
    const expected = recorded[name];
    if (!expected) throw new Error(`nothing recorded for ${name}`);
    const { hello, closed, socket } = await gateway.connect(optionsOf(gateway));
    if (!expected.res.ok) {
      expect(hello.ok).toBe(false);
      const details = expected.res.details && { ...expected.res.details };
      if (details?.requestId) details.requestId = expect.any(String);
      expect(hello.error).toEqual({
        code: expected.res.code,
        message: expected.res.message,
        ...(details && { details }),
      });
      expect(await closed).toEqual(expected.close);
      return;
    }
    expect(hello.ok).toBe(true);
    const auth = expected.res.auth && {
      ...expected.res.auth,
      deviceToken: expect.stringMatching(/^[0-9a-f]{32}$/),
      issuedAtMs: gateway.clock.now(),
    };
    expect((hello.payload as { auth?: object }).auth).toEqual(auth);
    socket.close();
    await closed;
  });

  test.each(["raw:not-json", "raw:health-first", "raw:event-first", "raw:connect-noparams", "raw:array"])(
    "%s",
    async (name) => {
      const first: Record<string, unknown> = {
        "raw:not-json": "hello?",
        "raw:health-first": { type: "req", id: "1", method: "health" },
        "raw:event-first": { type: "event", event: "tick" },
        "raw:connect-noparams": { type: "req", id: "1", method: "connect" },
        "raw:array": [],
      };
      const expected = recorded[name] as unknown as { frames: object[]; close: object };
      const client = await openTestSocket(gateway.wsUrl);
      await client.next((frame) => frame.event === "connect.challenge");
      client.send(first[name]);
      expect(await client.closed).toEqual(expected.close);
      expect(client.frames.slice(1)).toEqual(expected.frames);
    },
  );

  test.each(["/", "/ws", "/foo", "/chat?x=1", "/__openclaw__/canvas/ws"])("challenges on path %s", async (path) => {
    const client = await openTestSocket(gateway.wsUrl + path);
    const challenge = await client.next((frame) => frame.event === "connect.challenge");
    expect(challenge).toEqual({
      type: "event",
      event: "connect.challenge",
      payload: { nonce: expect.stringMatching(/^[0-9a-f-]{36}$/), ts: gateway.clock.now() },
    });
    client.socket.close();
  });
});

test("hello-ok tells the server, features, snapshot and policy", async () => {
  await using gateway = await startTestGateway();
  await gateway.clock.advance(1234);
  const { hello } = await gateway.connect({ client: { mode: "ui" } });
  expect(hello.payload).toMatchObject({
    type: "hello-ok",
    protocol: 3,
    server: { version: "0.0.0-test", host: "gateway-host", connId: expect.any(String) },
    snapshot: {
      presence: [
        { mode: "gateway", reason: "self" },
        { host: "cli", mode: "ui", reason: "connect" },
      ],
      health: {},
      stateVersion: { presence: 2, health: 7 },
      uptimeMs: 1234,
      sessionDefaults: { mainSessionKey: "agent:main:main" },
    },
    policy: { maxPayload: 524288, maxBufferedBytes: 1572864, tickIntervalMs: 30000 },
  });
  const { features } = hello.payload as { features: { methods: string[]; events: string[] } };
  expect(features.methods).toHaveLength(83);
  expect(features.events).toHaveLength(18);
});

test("a socket that says nothing is closed after ten seconds with 1000 and no reason", async () => {
  await using gateway = await startTestGateway();
  const client = await openTestSocket(gateway.wsUrl);
  await client.next((frame) => frame.event === "connect.challenge");
  await gateway.clock.advance(9_999);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
  await gateway.clock.advance(1);
  expect(await client.closed).toEqual({ code: 1000, reason: "" });
});

test("requests sent before hello arrived are answered after it, in order", async () => {
  await using gateway = await startTestGateway();
  const client = await openTestSocket(gateway.wsUrl);
  const challenge = await client.next((frame) => frame.event === "connect.challenge");
  const { nonce } = challenge.payload as { nonce: string };
  const params = connectParams(nonce, gateway.clock.now(), { device, auth: { token: TOKEN } });
  client.send({ type: "req", id: "a", method: "connect", params });
  client.send({ type: "req", id: "b", method: "health" });
  await client.next((frame) => frame.id === "b");
  expect(client.frames.filter((frame) => frame.type === "res").map(({ id, ok }) => [id, ok])).toEqual([
    ["a", true],
    ["b", true],
  ]);
});
