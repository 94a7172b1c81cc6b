import { createHash, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { expect, it } from "vitest";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import {
  createDeviceIdentity,
  deviceIdOf,
  generateDeviceKey,
  parseDevicePublicKey,
  verifyDeviceSignature,
} from "./device-key.ts";
import { signaturePayload } from "./signature-payload.ts";

const connect = { clientId: "cli", clientMode: "cli", role: "operator", signedAt: 1795181286213 };

it("names a device after the hash of its raw key", async () => {
  // A pair recorded from a running gateway (a key made for the recording and thrown away).
  const raw = parseDevicePublicKey("gBItTzM-Ido-DvtrYHmtHvkkJNET_kDut0koukTrSpo")!;
  expect(await deviceIdOf(raw)).toBe("fd5e054a4ba150830267aedfd3c0c2dfe6706595d4a68c895f0bbd272d03d0b0");
});

it("builds the signed text with and without a nonce, scopes in the order sent", () => {
  const input = { ...connect, deviceId: "d", scopes: ["operator.write", "operator.read"], token: "t" };
  expect(signaturePayload({ ...input, nonce: "n" })).toBe(
    "v2|d|cli|cli|operator|operator.write,operator.read|1795181286213|t|n",
  );
  expect(signaturePayload(input)).toBe("v1|d|cli|cli|operator|operator.write,operator.read|1795181286213|t");
  expect(signaturePayload({ ...connect, deviceId: "d", scopes: [] })).toBe("v1|d|cli|cli|operator||1795181286213|");
});

it("signs what it verifies, and what node:crypto verifies and signs", async () => {
  const key = await generateDeviceKey();
  const identity = await createDeviceIdentity(key);
  expect(identity.deviceId).toBe(key.deviceId);
  expect(key.deviceId).toBe(createHash("sha256").update(decodeBase64url(key.publicKey)!).digest("hex"));
  const signature = await identity.sign("text");
  expect(await verifyDeviceSignature({ publicKey: key.publicKey, signature, payload: "text" })).toBe(true);
  expect(await verifyDeviceSignature({ publicKey: key.publicKey, signature, payload: "other" })).toBe(false);
});

it("reads the PEM forms of an identity file", async () => {
  const pair = generateKeyPairSync("ed25519");
  const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const identity = await createDeviceIdentity({ publicKey, privateKey });
  const raw = createPublicKey(publicKey).export({ type: "spki", format: "der" }).subarray(12);
  expect(identity.publicKey).toBe(raw.toString("base64url"));
  const signature = sign(null, Buffer.from("text"), pair.privateKey).toString("base64");
  expect(await identity.sign("text")).toBe(Buffer.from(signature, "base64").toString("base64url"));
  for (const form of [publicKey, raw.toString("base64"), raw.toString("base64url")]) {
    expect(await verifyDeviceSignature({ publicKey: form, signature, payload: "text" })).toBe(true);
  }
});

it("calls everything unreadable false or undefined, without throwing", async () => {
  const { publicKey } = await generateDeviceKey();
  for (const signature of ["", "!!", "AAAA", "A".repeat(86), "é"]) {
    expect(await verifyDeviceSignature({ publicKey, signature, payload: "x" })).toBe(false);
  }
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" });
  // As long as an Ed25519 key, but for key agreement.
  const x25519 = generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "pem" });
  for (const text of [
    "",
    "x",
    "AAAA",
    rsa.toString(),
    x25519.toString(),
    "-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----",
  ]) {
    expect(parseDevicePublicKey(text)).toBeUndefined();
  }
  await expect(createDeviceIdentity({ publicKey, privateKey: "short" })).rejects.toThrow("private key");
});

it("round-trips bytes through base64url and refuses other alphabets", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
    expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
    expect(encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
  }
  for (const text of ["a b", "a*", "abcde", "ä"]) expect(decodeBase64url(text)).toBeUndefined();
});
