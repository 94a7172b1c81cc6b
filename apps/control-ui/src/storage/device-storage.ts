import { isRecord } from "../wire/narrow.ts";
import { readRecord, writeRecord } from "./json-record.ts";
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

/** A secret, and what it allows. */
export interface DeviceToken {
  token: string;
  scopes: readonly string[];
}

/** The operator token that the gateway gave this device; a token of another device's is of no use and not returned. */
export function loadDeviceToken(storage: KeyValueStorage, deviceId: string): DeviceToken | undefined {
  const stored = readRecord(storage, tokensKey);
  if (!stored || stored.deviceId !== deviceId || !isRecord(stored.tokens)) return undefined;
  const operator = stored.tokens.operator;
  if (!isRecord(operator) || typeof operator.token !== "string" || !Array.isArray(operator.scopes)) return undefined;
  return { token: operator.token, scopes: operator.scopes.map(String) };
}

export function saveDeviceToken(storage: KeyValueStorage, deviceId: string, operator: DeviceToken): void {
  writeRecord(storage, tokensKey, {
    version: 1,
    deviceId,
    tokens: { operator: { role: "operator", updatedAtMs: Date.now(), ...operator } },
  });
}

export function forgetDeviceToken(storage: KeyValueStorage): void {
  storage.removeItem(tokensKey);
}
