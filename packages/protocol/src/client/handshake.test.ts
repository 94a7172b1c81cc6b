import { afterEach, describe, expect, it } from "vitest";
import { clientInfo, connectedPair, nextEvent, socketKinds } from "../../test/test-client.ts";
import { helloOk } from "../../test/test-gateway.ts";
import { generateDeviceKey, createDeviceIdentity, signaturePayload, verifyDeviceSignature } from "../device/index.ts";
import { GatewayError } from "../gateway-error.ts";
import type { ConnectParams, ErrorShape, RequestFrame } from "../schema/index.ts";
import { validateParams } from "../validate.ts";
import { createGatewayClient, type DeviceTokenKey, type DeviceTokenStore, type StoredDeviceToken } from "./index.ts";

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const setUp: typeof connectedPair = async (options) => {
  const pair = await connectedPair(options);
  cleanups.push(pair.dispose);
  return pair;
};

const paramsOf = (request: RequestFrame): ConnectParams => {
  const verdict = validateParams("connect", request.params);
  if (!verdict.ok) throw new Error(verdict.message);
  return verdict.value;
};

const refusalOf = (promise: Promise<unknown>): Promise<GatewayError> =>
  promise.then(
    () => expect.unreachable("the connection was refused"),
    (error: unknown) => {
      expect(GatewayError.is(error)).toBe(true);
      return error as GatewayError;
    },
  );

const memoryStore = (stored?: StoredDeviceToken) => {
  const calls: Array<[string, DeviceTokenKey, StoredDeviceToken?]> = [];
  const store: DeviceTokenStore = {
    load: () => stored,
    save: (key, token) => void calls.push(["save", key, token]),
    drop: (key) => void calls.push(["drop", key]),
  };
  return { store, calls };
};

const broken = () => Promise.reject(new Error("disk full"));

const make = (url: string, allowInsecure?: boolean) => () =>
  createGatewayClient({ url, allowInsecure, client: clientInfo, token: "secret-token" });

const identity = await createDeviceIdentity(await generateDeviceKey());

describe.each(socketKinds)("over $kind", ({ webSocket }) => {
  it("answers the challenge with a signed connect and resolves with hello", async () => {
    const { gateway, client } = await setUp({ webSocket, identity, scopes: ["operator.write", "operator.read"] });
    const connecting = client.connect();
    const peer = await gateway.peer();
    const params = paramsOf(await peer.greet());
    expect(await connecting).toEqual(helloOk());
    expect(client.state).toBe("connected");

    const { device, auth, scopes = [], role = "" } = params;
    expect(params).toMatchObject({ minProtocol: 3, maxProtocol: 3, client: clientInfo, role: "operator" });
    expect(auth).toEqual({ token: "shared-token" });
    expect(device).toMatchObject({ id: identity.deviceId, nonce: "n1" });
    const payload = signaturePayload({
      deviceId: identity.deviceId,
      clientId: "cli",
      clientMode: "cli",
      role,
      scopes,
      signedAt: device!.signedAt,
      token: "shared-token",
      nonce: "n1",
    });
    expect(await verifyDeviceSignature({ ...device!, payload })).toBe(true);
  });

  it("connects without a nonce when no challenge comes within 750 ms, and only once", async () => {
    let signatures = 0;
    const counting = { ...identity, sign: (payload: string) => (signatures++, identity.sign(payload)) };
    const { gateway, client, clock } = await setUp({ webSocket, identity: counting });
    const connecting = client.connect();
    const peer = await gateway.peer();
    await expect.poll(() => clock.pending().length).toBe(2);
    await clock.advance(750);
    const request = await peer.request();
    expect(paramsOf(request).device).not.toHaveProperty("nonce");
    peer.send({ type: "event", event: "connect.challenge", payload: { nonce: "late", ts: 1 } });
    peer.respond(request.id, { ok: true, payload: helloOk() });
    await connecting;
    expect(signatures).toBe(1);
  });

  it("names the reason when nothing listens", async () => {
    const { gateway, client } = await setUp({ webSocket, reconnect: false });
    await gateway.close();
    const error = await refusalOf(client.connect());
    expect(error.code).toBe("GATEWAY_UNREACHABLE");
    expect(error.message).toContain(gateway.url);
    if (webSocket) expect(error.message).toContain("ECONNREFUSED");
    expect(error.hint).toContain("openclaw gateway");
  });

  const refusals: Array<{ error: ErrorShape; close: number; code: string; hint: string }> = [
    {
      error: { code: "INVALID_REQUEST", message: "unauthorized: gateway token mismatch (set gateway.remote.token)" },
      close: 1008,
      code: "GATEWAY_AUTH_REFUSED",
      hint: "token",
    },
    {
      error: { code: "INVALID_REQUEST", message: "protocol mismatch", details: { expectedProtocol: 4 } },
      close: 1002,
      code: "GATEWAY_PROTOCOL_MISMATCH",
      hint: "gateway 4",
    },
    {
      error: { code: "NOT_PAIRED", message: "pairing required", details: { requestId: "r-1" } },
      close: 1008,
      code: "GATEWAY_PAIRING_REQUIRED",
      hint: "openclaw devices approve r-1",
    },
    {
      error: { code: "INVALID_REQUEST", message: "invalid role" },
      close: 1008,
      code: "GATEWAY_REFUSED",
      hint: "version",
    },
  ];

  it.each(refusals)("never tries again after $error.message", async ({ error, close, code, hint }) => {
    const { gateway, client, clock } = await setUp({ webSocket });
    const ended = nextEvent(client, "disconnect");
    const refused = refusalOf(client.connect());
    const peer = await gateway.peer();
    peer.send({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } });
    const request = await peer.request();
    peer.respond(request.id, { ok: false, error });
    peer.close(close, error.message);
    const failure = await refused;
    expect(failure).toMatchObject({ code, closeCode: close });
    expect(failure.message).toContain(error.message);
    expect(failure.hint).toContain(hint);
    expect((await ended)[0]).toMatchObject({ refused: true, code: close });
    await clock.advance(120_000);
    expect(gateway.count()).toBe(1);
    expect(client.state).toBe("idle");
  });

  it("takes a bare 1008 close for a refusal, and gives up on a gateway that refuses but does not close", async () => {
    const first = await setUp({ webSocket });
    const bare = refusalOf(first.client.connect());
    (await first.gateway.peer()).close(1008, "unauthorized: gateway token missing");
    expect(await bare).toMatchObject({ code: "GATEWAY_AUTH_REFUSED", closeCode: 1008 });

    const { gateway, client, clock } = await setUp({ webSocket });
    const refused = refusalOf(client.connect());
    const peer = await gateway.peer();
    peer.send({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } });
    peer.respond((await peer.request()).id, { ok: false, error: { code: "INVALID_REQUEST", message: "invalid role" } });
    await expect.poll(() => clock.pending().length).toBe(3);
    await clock.advance(1000);
    expect((await refused).code).toBe("GATEWAY_REFUSED");
    expect((await peer.closed).code).toBe(1000);
  });

  it("gives up on a socket that never greets", async () => {
    const { gateway, client, clock } = await setUp({ webSocket, reconnect: false });
    const refused = refusalOf(client.connect());
    const peer = await gateway.peer();
    await expect.poll(() => clock.pending().length).toBe(2);
    await clock.advance(10_000);
    expect((await refused).code).toBe("GATEWAY_HANDSHAKE_TIMEOUT");
    await peer.closed;
  });

  it("refuses a hello it cannot work with", async () => {
    const payloads = [null, {}, { ...helloOk(), policy: {} }, { ...helloOk(), features: { methods: 1 } }];
    for (const payload of payloads) {
      const { gateway, client } = await setUp({ webSocket });
      const refused = refusalOf(client.connect());
      const peer = await gateway.peer();
      peer.send({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } });
      peer.respond((await peer.request()).id, { ok: true, payload });
      expect((await refused).code).toBe("GATEWAY_HANDSHAKE_INVALID");
    }
    const { gateway, client } = await setUp({ webSocket });
    const refused = refusalOf(client.connect());
    await (await gateway.peer()).greet({ protocol: 4 });
    expect((await refused).code).toBe("GATEWAY_PROTOCOL_MISMATCH");
  });
});

describe("device tokens", () => {
  const scopes = ["operator.read"];
  const auth = { deviceToken: "device-token", role: "operator", scopes };

  it("keeps the token of the handshake under the gateway's address", async () => {
    const { store, calls } = memoryStore();
    const { gateway, client } = await setUp({ identity, tokenStore: store, scopes });
    const connecting = client.connect();
    await (await gateway.peer()).greet({ auth });
    await connecting;
    const key = { gateway: gateway.url, deviceId: identity.deviceId, role: "operator" };
    expect(calls).toEqual([["save", key, { token: "device-token", scopes }]]);
  });

  it("prefers a stored token that covers the scopes, and does not save it again", async () => {
    const { store, calls } = memoryStore({ token: "device-token", scopes: ["operator.write"] });
    const { gateway, client } = await setUp({ identity, tokenStore: store, scopes, password: "pw" });
    const connecting = client.connect();
    const params = paramsOf(await (await gateway.peer()).greet({ auth }));
    expect(params.auth).toEqual({ token: "device-token" });
    await connecting;
    expect(calls).toEqual([]);
  });

  it("leaves a stored token aside that grants less than asked for", async () => {
    const { store } = memoryStore({ token: "device-token", scopes });
    const { gateway, client } = await setUp({ identity, tokenStore: store, scopes: ["operator.admin"] });
    void client.connect().catch(() => undefined);
    expect(paramsOf(await (await gateway.peer()).greet()).auth).toEqual({ token: "shared-token" });
  });

  it("drops a refused stored token and connects with the configured one at once", async () => {
    let stored: StoredDeviceToken | undefined = { token: "stale", scopes };
    const store: DeviceTokenStore = {
      load: () => stored,
      save: (_, token) => void (stored = token),
      drop: () => void (stored = undefined),
    };
    const { gateway, client } = await setUp({ identity, tokenStore: store, scopes });
    const connecting = client.connect();
    const peer = await gateway.peer();
    peer.send({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } });
    const request = await peer.request();
    expect(paramsOf(request).auth).toEqual({ token: "stale" });
    const message = "unauthorized: gateway token mismatch";
    peer.respond(request.id, { ok: false, error: { code: "INVALID_REQUEST", message } });
    peer.close(1008, message);
    const second = await gateway.peer();
    expect(paramsOf(await second.greet({ auth })).auth).toEqual({ token: "shared-token" });
    await connecting;
    await expect.poll(() => stored).toEqual({ token: "device-token", scopes });
  });

  it("goes on when the store fails", async () => {
    const { gateway, client } = await setUp({ identity, tokenStore: { load: broken, save: broken, drop: broken } });
    const warnings: unknown[] = [];
    client.on("warning", (error) => void warnings.push(error));
    const connecting = client.connect();
    await (await gateway.peer()).greet({ auth });
    await connecting;
    await expect.poll(() => warnings.length).toBe(2);
  });
});

describe("addresses", () => {
  it.each(["ws://127.0.0.1:1", "ws://localhost:1/x", "ws://[::1]:1", "ws://127.8.9.1", "wss://example.com"])(
    "accepts %s",
    (url) => {
      expect(make(url)).not.toThrow();
    },
  );

  it.each([
    "ws://example.com",
    "ws://10.0.0.5:18789",
    "ws://localhost.evil.com",
    "ws://127.0.0.1.evil.com",
    "ws://0.0.0.0",
  ])("refuses to send a token in clear to %s", (url) => {
    expect(make(url)).toThrow(expect.objectContaining({ code: "GATEWAY_INSECURE_URL" }));
    expect(make(url, true)).not.toThrow();
  });

  it.each(["", "nonsense", "http://127.0.0.1", "ws://user:pw-secret@127.0.0.1", "file:///etc/passwd"])(
    "refuses %j",
    (url) => {
      expect(make(url)).toThrow(expect.objectContaining({ code: "GATEWAY_URL_INVALID" }));
      expect(make(url)).not.toThrow(/secret/);
    },
  );
});
