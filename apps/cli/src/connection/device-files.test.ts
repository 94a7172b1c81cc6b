import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileTokenStore, loadDeviceIdentity } from "./device-files.ts";

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "identity-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("the identity is made once, for its owner alone", async () => {
  const first = await loadDeviceIdentity(join(dir, "identity"));
  expect((await loadDeviceIdentity(join(dir, "identity"))).deviceId).toBe(first.deviceId);
  expect(statSync(join(dir, "identity", "device.json")).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, "identity")).mode & 0o777).toBe(0o700);
});

test.each(["", "{", "null", '{"publicKeyPem":"x","privateKeyPem":"y"}'])(
  "an unreadable identity %j is set aside",
  async (text) => {
    writeFileSync(join(dir, "device.json"), text);
    await loadDeviceIdentity(dir);
    const aside = readdirSync(dir).find((name) => name.startsWith("device.json.unreadable-"))!;
    expect(readFileSync(join(dir, aside), "utf8")).toBe(text);
  },
);

test("a token goes back only to the gateway that gave it", () => {
  const store = fileTokenStore(dir, { local: true });
  const key = { gateway: "ws://127.0.0.1:1", deviceId: "d", role: "operator" as const };
  void store.save(key, { token: "t", scopes: ["operator.read"] });
  expect(store.load(key)).toEqual({ token: "t", scopes: ["operator.read"] });
  expect(store.load({ ...key, gateway: "wss://elsewhere.example" })).toBeUndefined();
  expect(store.load({ ...key, deviceId: "other" })).toBeUndefined();
  void store.drop(key);
  expect(store.load(key)).toBeUndefined();
});

test("a token of an older installation, which names no gateway, goes to the local one alone", () => {
  const tokens = { operator: { token: "old", role: "operator", scopes: [], updatedAtMs: 1 } };
  writeFileSync(join(dir, "device-auth.json"), JSON.stringify({ version: 1, deviceId: "d", tokens }));
  const key = { gateway: "wss://elsewhere.example", deviceId: "d", role: "operator" as const };
  expect(fileTokenStore(dir, { local: false }).load(key)).toBeUndefined();
  expect(fileTokenStore(dir, { local: true }).load(key)).toMatchObject({ token: "old" });
});
