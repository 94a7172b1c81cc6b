import { isRecord, readRecord, writeRecord } from "./json-record.ts";
import type { KeyValueStorage } from "./json-record.ts";

const identityKey = "openclaw-device-identity-v1";
const tokensKey = "openclaw.device.auth.v1";

/** This browser's key pair: raw Ed25519 bytes in base64url, the id is the SHA-256 of the public one. */
export interface StoredDeviceKey {
  deviceId: string;
  publicKey: string;
  privateKey: string;
}

export function loadDeviceKey(storage: KeyValueStorage): StoredDeviceKey | undefined {
  const { deviceId, publicKey, privateKey } = readRecord(storage, identityKey) ?? {};
  return typeof deviceId === "string" && typeof publicKey === "string" && typeof privateKey === "string"
    ? { deviceId, publicKey, privateKey }
    : undefined;
}

export function saveDeviceKey(storage: KeyValueStorage, key: StoredDeviceKey): void {
  writeRecord(storage, identityKey, { version: 1, ...key, createdAtMs: Date.now() });
}

export function forgetDeviceKey(storage: KeyValueStorage): void {
  storage.removeItem(identityKey);
}

/** The operator token that the gateway gave this device; a token of another device's is of no use and not returned. */
export function loadDeviceToken(storage: KeyValueStorage, deviceId: string): string | undefined {
  const stored = readRecord(storage, tokensKey);
  if (!stored || stored.deviceId !== deviceId || !isRecord(stored.tokens)) return undefined;
  const operator = stored.tokens.operator;
  return isRecord(operator) && typeof operator.token === "string" ? operator.token : undefined;
}

export function saveDeviceToken(
  storage: KeyValueStorage,
  deviceId: string,
  operator: { token: string; scopes: readonly string[]; issuedAtMs?: number },
): void {
  writeRecord(storage, tokensKey, {
    version: 1,
    deviceId,
    tokens: { operator: { role: "operator", updatedAtMs: Date.now(), ...operator } },
  });
}

export function forgetDeviceToken(storage: KeyValueStorage): void {
  storage.removeItem(tokensKey);
}
