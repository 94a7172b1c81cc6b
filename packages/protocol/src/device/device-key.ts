import { decodeBase64url, encodeBase64url } from "./base64url.ts";

/** A device's key pair as text. `privateKey` is a secret: keep it in a file of mode 0600 or in the browser's storage. */
export interface DeviceKey {
  /** Hex SHA-256 of the raw public key. */
  deviceId: string;
  /** 32 raw bytes, base64url. */
  publicKey: string;
  /** The 32 byte seed, base64url. */
  privateKey: string;
}

/** What the client needs to prove a device; an agent or a hardware key can stand behind `sign`. */
export interface DeviceIdentity {
  readonly deviceId: string;
  /** 32 raw bytes, base64url. */
  readonly publicKey: string;
  /** Ed25519 over the UTF-8 bytes of `payload`, base64url. */
  sign(payload: string): Promise<string>;
}

const algorithm = "Ed25519";
// An Ed25519 key in its two DER envelopes is this prefix followed by the 32 raw bytes (RFC 8410).
const spkiPrefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const pkcs8Prefix = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/** Makes a new key pair. Needs WebCrypto with Ed25519 (Node 22, Chromium 137, Firefox 129, Safari 17), in a secure context. */
export async function generateDeviceKey(): Promise<DeviceKey> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  // Node's types, unlike the DOM's, do not know that this algorithm always makes a pair.
  if (!("privateKey" in pair)) throw new TypeError("WebCrypto made no Ed25519 key pair");
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const seed = pkcs8.subarray(pkcs8Prefix.length, pkcs8Prefix.length + 32);
  return { deviceId: await deviceIdOf(raw), publicKey: encodeBase64url(raw), privateKey: encodeBase64url(seed) };
}

/**
 * Makes an identity from stored keys: base64url of the raw bytes, or PEM (SPKI and PKCS #8) as in `identity/device.json`.
 * The device id is computed, never read. Rejects with a `TypeError` when a key cannot be read.
 */
export async function createDeviceIdentity(keys: { publicKey: string; privateKey: string }): Promise<DeviceIdentity> {
  const raw = parseDevicePublicKey(keys.publicKey);
  const seed = parseKey(keys.privateKey, pkcs8Prefix);
  if (!raw || !seed) throw new TypeError(`the device's ${raw ? "private" : "public"} key is not an Ed25519 key`);
  const pkcs8 = Uint8Array.from([...pkcs8Prefix, ...seed]);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  return {
    deviceId: await deviceIdOf(raw),
    publicKey: encodeBase64url(raw),
    async sign(payload) {
      const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(payload));
      return encodeBase64url(new Uint8Array(signature));
    },
  };
}

/** The 32 raw bytes of a public key written as base64url, base64 or SPKI PEM; undefined when it is none of these. */
export const parseDevicePublicKey = (text: string): Uint8Array<ArrayBuffer> | undefined => parseKey(text, spkiPrefix);

/** The id that belongs to a public key: lowercase hex SHA-256 of its raw bytes. */
export async function deviceIdOf(rawPublicKey: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", rawPublicKey));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether `signature` (base64url or base64) is this key's over `payload`. Never throws: unreadable input is false. */
export async function verifyDeviceSignature(input: {
  publicKey: string;
  signature: string;
  payload: string;
}): Promise<boolean> {
  const raw = parseDevicePublicKey(input.publicKey);
  const signature = decodeBase64url(input.signature);
  if (!raw || signature?.length !== 64) return false;
  try {
    const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, key, signature, new TextEncoder().encode(input.payload));
  } catch {
    return false;
  }
}

/** Raw base64 of 32 bytes, or PEM whose DER is the prefix and 32 bytes. */
function parseKey(text: string, prefix: readonly number[]): Uint8Array<ArrayBuffer> | undefined {
  const pem = /-----BEGIN [A-Z ]+-----([\s\S]+?)-----END/.exec(text)?.[1];
  const bytes = decodeBase64url((pem ?? text).replaceAll(/\s/g, ""));
  if (!bytes) return undefined;
  if (pem === undefined) return bytes.length === 32 ? bytes : undefined;
  const fits = bytes.length === prefix.length + 32 && prefix.every((byte, at) => bytes[at] === byte);
  return fits ? bytes.slice(prefix.length) : undefined;
}
