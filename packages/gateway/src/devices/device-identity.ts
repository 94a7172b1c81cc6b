import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";

const RAW_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** An Ed25519 public key in the three forms that the wire and the store use. */
export interface DeviceKey {
  /** Lower-case hex SHA-256 of the 32 raw key bytes. */
  deviceId: string;
  /** Raw key, base64url without padding: the stored form. */
  publicKey: string;
  key: KeyObject;
}

/** What a device signs when it connects; scopes in the order in which they are sent. */
export interface DeviceSignaturePayload {
  deviceId: string;
  clientId: string;
  clientMode: string;
  role: string;
  scopes: readonly string[];
  signedAtMs: number;
  /** `auth.token` of the same connect, or nothing. Never the password. */
  token?: string;
  /** The challenge's nonce. Without it the older v1 form is built, which only local connections may use. */
  nonce?: string;
}

/** Reads base64url, base64 or SPKI PEM. Undefined when it is none of them or no Ed25519 key. */
export function parseDeviceKey(text: string): DeviceKey | undefined {
  const raw = text.includes("BEGIN") ? rawKeyFromPem(text) : decodeBase64(text);
  if (raw?.length !== RAW_KEY_BYTES) return undefined;
  const publicKey = raw.toString("base64url");
  try {
    const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: publicKey } });
    return { deviceId: createHash("sha256").update(raw).digest("hex"), publicKey, key };
  } catch {
    return undefined;
  }
}

export function buildDeviceSignaturePayload(payload: DeviceSignaturePayload): string {
  const parts = [
    payload.nonce === undefined ? "v1" : "v2",
    payload.deviceId,
    payload.clientId,
    payload.clientMode,
    payload.role,
    payload.scopes.join(","),
    String(payload.signedAtMs),
    payload.token ?? "",
  ];
  if (payload.nonce !== undefined) parts.push(payload.nonce);
  return parts.join("|");
}

/** True when `signature` (base64url or base64) is the key's Ed25519 signature of the UTF-8 text. */
export function verifyDeviceSignature(key: KeyObject, text: string, signature: string): boolean {
  const bytes = decodeBase64(signature);
  if (bytes?.length !== SIGNATURE_BYTES) return false;
  return verify(null, Buffer.from(text, "utf8"), key, bytes);
}

function rawKeyFromPem(pem: string): Buffer | undefined {
  try {
    const { crv, x } = createPublicKey(pem).export({ format: "jwk" });
    return crv === "Ed25519" && x !== undefined ? Buffer.from(x, "base64url") : undefined;
  } catch {
    return undefined;
  }
}

function decodeBase64(text: string): Buffer | undefined {
  // Node skips foreign characters silently; two spellings of one key must not pass as valid.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, "base64url");
}
