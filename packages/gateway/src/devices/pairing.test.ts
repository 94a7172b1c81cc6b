import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { describe, expect, test } from "vitest";
import {
  ALL_SCOPES,
  type Connected,
  createTestDevice,
  startTestGateway,
  type TestFrame,
  type TestGateway,
} from "../../test/test-gateway/index.ts";
import { openDeviceStore } from "./device-store.ts";

const remote = { host: "example.com" };
const named = (event: string) => (frame: TestFrame) => frame.event === event;
const requestIdOf = ({ hello }: Connected) =>
  (hello.error?.details as { requestId: string } | undefined)?.requestId ?? "none";
const tokenOf = ({ hello }: Connected) => (hello.payload as { auth: { deviceToken: string } }).auth.deviceToken;
const issuedAt = ({ hello }: Connected) => (hello.payload as { auth: { issuedAtMs: number } }).auth.issuedAtMs;

describe("pairing", () => {
  test("a remote device waits until the owner approves it, then signs in with its own token", async () => {
    await using gateway = await startTestGateway();
    const owner = await gateway.connect();
    const device = createTestDevice();
    const ask = () => gateway.connect({ device, headers: remote, scopes: ["operator.read"] });
    const refused = await ask();
    expect(await refused.closed).toEqual({ code: 1008, reason: "pairing required" });
    const requested = await owner.next(named("device.pair.requested"));
    const requestId = requestIdOf(refused);
    expect(requested.payload).toEqual({
      requestId,
      deviceId: device.id,
      publicKey: device.publicKey,
      platform: "linux",
      clientId: "cli",
      clientMode: "cli",
      role: "operator",
      roles: ["operator"],
      scopes: ["operator.read"],
      remoteIp: "127.0.0.1",
      silent: false,
      isRepair: false,
      ts: gateway.clock.now(),
    });
    expect(requestIdOf(await ask())).toBe(requestId);
    expect((await owner.call("device.pair.list", {})).payload).toMatchObject({ pending: [{ requestId }], paired: [] });

    const approved = await owner.call("device.pair.approve", { requestId });
    expect(approved.payload).toMatchObject({
      requestId,
      device: { deviceId: device.id, tokens: [{ role: "operator", scopes: ["operator.read"] }] },
    });
    expect(JSON.stringify(approved)).not.toMatch(/"token":/);
    expect((await owner.next(named("device.pair.resolved"))).payload).toEqual({
      requestId,
      deviceId: device.id,
      decision: "approved",
      ts: gateway.clock.now(),
    });
    expect((await owner.call("device.pair.approve", { requestId })).error?.message).toBe("unknown requestId");

    const token = tokenOf(await ask());
    const own = { device, headers: remote, auth: { token } };
    expect((await gateway.connect({ ...own, scopes: ["operator.read"] })).hello.ok).toBe(true);
    expect((await gateway.connect({ ...own, scopes: ["operator.admin"] })).hello.error?.message).toBe(
      "unauthorized: gateway token mismatch (set gateway.remote.token to match gateway.auth.token)",
    );
    expect((await gateway.connect({ ...own, role: "node", scopes: [] })).hello.error?.message).toContain("mismatch");
    const thief = createTestDevice();
    expect((await gateway.connect({ ...own, device: thief })).hello.error?.message).toContain("mismatch");
  });

  test("a rejected or forgotten request is gone", async () => {
    await using gateway = await startTestGateway();
    const owner = await gateway.connect();
    const ask = () => gateway.connect({ device: createTestDevice(), headers: remote });
    const requestId = requestIdOf(await ask());
    expect((await owner.call("device.pair.reject", { requestId })).payload).toEqual({
      requestId,
      deviceId: expect.any(String),
    });
    expect((await owner.next(named("device.pair.resolved"))).payload).toMatchObject({ decision: "rejected" });
    expect((await owner.call("device.pair.reject", { requestId })).error?.message).toBe("unknown requestId");
    const late = requestIdOf(await ask());
    await gateway.clock.advance(5 * 60_000 + 1);
    expect((await owner.call("device.pair.approve", { requestId: late })).error?.message).toBe("unknown requestId");
  });

  test("a paired remote device that wants more has to ask again; what it wants cannot grow unseen", async () => {
    await using gateway = await startTestGateway();
    const device = createTestDevice();
    await gateway.connect({ device, scopes: ["operator.read"] });
    const ask = (scopes: string[], role?: string) => gateway.connect({ device, headers: remote, scopes, role });
    expect((await ask(["operator.read"])).hello.ok).toBe(true);
    const write = requestIdOf(await ask(["operator.write"]));
    expect(gateway.devices.list().pending).toMatchObject([{ requestId: write, isRepair: true }]);
    const admin = requestIdOf(await ask(["operator.admin"]));
    expect(admin).not.toBe(write);
    const node = requestIdOf(await ask([], "node"));
    expect(gateway.devices.list().pending.map(({ requestId }) => requestId)).toEqual([node]);
  });

  test("at this machine more is granted at once, and the token changes only with its scopes", async () => {
    await using gateway = await startTestGateway();
    const owner = await gateway.connect();
    const device = createTestDevice();
    const first = await gateway.connect({ device, scopes: ["operator.read"] });
    await owner.next(named("device.pair.resolved"));
    await gateway.clock.advance(1000);
    const same = await gateway.connect({ device, scopes: ["operator.read"] });
    expect([tokenOf(same), issuedAt(same)]).toEqual([tokenOf(first), issuedAt(first)]);
    const wider = await gateway.connect({ device, scopes: ["operator.write"] });
    expect(tokenOf(wider)).not.toBe(tokenOf(first));
    expect(issuedAt(wider)).toBe(gateway.clock.now());
    expect(wider.hello.payload).toMatchObject({ auth: { scopes: ["operator.read", "operator.write"] } });
    const old = await gateway.connect({ device, scopes: ["operator.read"], auth: { token: tokenOf(first) } });
    expect(old.hello.ok).toBe(false);
  });

  test("nobody with pairing alone hands out more than they hold", async () => {
    await using gateway = await startTestGateway();
    const helper = await gateway.connect({ scopes: ["operator.pairing"] });
    const device = createTestDevice();
    const ask = async (scopes: string[]) => requestIdOf(await gateway.connect({ device, headers: remote, scopes }));
    const approve = (requestId: string) => helper.call("device.pair.approve", { requestId });
    expect((await approve(await ask(["operator.admin"]))).error?.message).toBe("missing scope: operator.admin");
    expect((await approve(await ask(["operator.pairing", "x.own"]))).ok).toBe(true);
    await gateway.connect({ device });
    const rotate = (scopes?: string[]) =>
      helper.call("device.token.rotate", { deviceId: device.id, role: "operator", scopes });
    expect((await rotate()).error?.message).toMatch(/^missing scope: operator\./);
    expect((await rotate(["operator.pairing"])).ok).toBe(true);
  });
});

async function withDevice(gateway: TestGateway) {
  const owner = await gateway.connect();
  const device = createTestDevice();
  const first = await gateway.connect({ device });
  const token = tokenOf(first);
  const live = await gateway.connect({ device, headers: remote, auth: { token } });
  const node = await gateway.connect({ device, role: "node", scopes: [] });
  const again = () => gateway.connect({ device, headers: remote, auth: { token } });
  return { owner, device, first, live, node, again };
}

describe("revocation", () => {
  test("revoking a token closes the sockets of that role and the token stops working", async () => {
    await using gateway = await startTestGateway();
    const { owner, device, first, live, node, again } = await withDevice(gateway);
    const revoked = await owner.call("device.token.revoke", { deviceId: device.id, role: "operator" });
    expect(revoked.payload).toEqual({ deviceId: device.id, role: "operator", revokedAtMs: gateway.clock.now() });
    const expected = { code: 1008, reason: "device token revoked" };
    expect(await Promise.all([live.closed, first.closed])).toEqual([expected, expected]);
    expect((await again()).hello.error?.message).toContain("token mismatch");
    expect(node.socket.readyState).toBe(node.socket.OPEN);
    // The shared secret alone does not bring a remote device back.
    const shared = await gateway.connect({ device, headers: remote });
    expect(shared.hello.error?.message).toBe("pairing required");
    expect((await owner.call("device.pair.approve", { requestId: requestIdOf(shared) })).ok).toBe(true);
    expect((await gateway.connect({ device, headers: remote })).hello.ok).toBe(true);
  });

  test("rotating closes too, answers the caller first, and only the new token works", async () => {
    await using gateway = await startTestGateway();
    const { device, first, live, again } = await withDevice(gateway);
    await gateway.clock.advance(1000);
    const rotated = await first.call("device.token.rotate", { deviceId: device.id, role: "operator" });
    const { token } = rotated.payload as { token: string };
    expect(rotated.payload).toEqual({
      deviceId: device.id,
      role: "operator",
      token: expect.stringMatching(/^[0-9a-f]{32}$/),
      scopes: ALL_SCOPES.toSorted(),
      rotatedAtMs: gateway.clock.now(),
    });
    expect(await live.closed).toEqual({ code: 1008, reason: "device token rotated" });
    expect((await again()).hello.ok).toBe(false);
    expect((await gateway.connect({ device, headers: remote, auth: { token } })).hello.ok).toBe(true);
  });

  test("removing a pairing closes all sockets of the device, also one that does not answer the close", async () => {
    await using gateway = await startTestGateway();
    const { device, live, node, again } = await withDevice(gateway);
    live.socket.pause();
    expect(await gateway.devices.remove(device.id)).toBe(true);
    expect(await node.closed).toEqual({ code: 1008, reason: "device pairing removed" });
    while (gateway.server.clients().some(({ deviceId }) => deviceId === device.id)) await gateway.clock.advance(100);
    live.socket.resume();
    await live.closed;
    expect((await again()).hello.ok).toBe(false);
    expect(await gateway.devices.remove(device.id)).toBe(false);
  });

  test("an expelled socket's further requests are not served", async () => {
    await using gateway = await startTestGateway();
    const { device, live } = await withDevice(gateway);
    let calls = 0;
    gateway.methods.set("x.count", () => (calls += 1));
    const closing = gateway.devices.revokeToken(device.id, "operator");
    await closing;
    live.send({ type: "req", id: "late", method: "x.count" });
    await live.closed;
    expect(calls).toBe(0);
  });

  test("unknown devices and roles are refused by name", async () => {
    await using gateway = await startTestGateway();
    const owner = await gateway.connect();
    for (const method of ["device.token.rotate", "device.token.revoke"]) {
      expect((await owner.call(method, { deviceId: "zz", role: "operator" })).error).toEqual({
        code: "INVALID_REQUEST",
        message: "unknown deviceId/role",
      });
    }
  });

  test("a token can be narrowed but not widened beyond what was approved", async () => {
    await using gateway = await startTestGateway();
    const owner = await gateway.connect();
    const device = createTestDevice();
    await gateway.connect({ device, scopes: ["operator.write"] });
    const rotate = (scopes: string[]) =>
      owner.call("device.token.rotate", { deviceId: device.id, role: "operator", scopes });
    expect((await rotate(["operator.pairing"])).error?.message).toContain("scope not approved");
    expect((await rotate(["operator.read"])).payload).toMatchObject({ scopes: ["operator.read"] });
  });
});

describe("device files", () => {
  test("are private, in the known format, and read again by the next start", async () => {
    await using gateway = await startTestGateway();
    const device = createTestDevice();
    const { hello } = await gateway.connect({ device, client: { displayName: "desk" } });
    const { auth } = hello.payload as { auth: { deviceToken: string; issuedAtMs: number } };
    await gateway.connect({ device: createTestDevice(), headers: remote });
    await gateway.devices.close();

    const directory = join(gateway.stateDir, "devices");
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of ["pending.json", "paired.json"]) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    }
    expect((await readdir(directory)).toSorted()).toEqual(["paired.json", "pending.json"]);
    const paired = JSON.parse(await readFile(join(directory, "paired.json"), "utf8")) as object;
    expect(paired).toEqual({
      [device.id]: {
        deviceId: device.id,
        publicKey: device.publicKey,
        displayName: "desk",
        platform: "linux",
        clientId: "cli",
        clientMode: "cli",
        role: "operator",
        roles: ["operator"],
        scopes: ALL_SCOPES,
        tokens: {
          operator: {
            token: auth.deviceToken,
            role: "operator",
            scopes: ALL_SCOPES.toSorted(),
            createdAtMs: auth.issuedAtMs,
          },
        },
        createdAtMs: auth.issuedAtMs,
        approvedAtMs: auth.issuedAtMs,
      },
    });
    const again = await openDeviceStore({ stateDir: gateway.stateDir, clock: gateway.clock, log: silentLog });
    expect(again.acceptsToken(device.id, { role: "operator", scopes: ALL_SCOPES }, auth.deviceToken)).toBe(true);
    expect(again.list().pending).toHaveLength(1);
    await again.close();
    expect(await readFile(join(directory, "paired.json"), "utf8")).toContain('"lastUsedAtMs"');
  });

  test("that are damaged are set aside, odd entries dropped, and the gateway starts", async () => {
    await using gateway = await startTestGateway();
    const directory = join(gateway.stateDir, "devices");
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "paired.json"), '{"half": ');
    await writeFile(join(directory, "pending.json"), '{"a": 1, "b": {"requestId": "b"}}');
    const messages: string[] = [];
    const note = (message: string) => void messages.push(message);
    const log = { ...silentLog, warn: note, error: note };
    const store = await openDeviceStore({ stateDir: gateway.stateDir, clock: gateway.clock, log });
    expect(store.list()).toEqual({ pending: [], paired: [] });
    expect((await readdir(directory)).some((name) => name.startsWith("paired.json.corrupt-"))).toBe(true);
    expect(messages).toHaveLength(3);
  });

  test("that cannot be written do not keep the owner out", async () => {
    await using gateway = await startTestGateway();
    await writeFile(join(gateway.stateDir, "devices"), "a file where the directory should be");
    const { hello } = await gateway.connect({ device: createTestDevice() });
    expect(hello.ok).toBe(true);
  });
});
