import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A device of the tests. Signs with node:crypto, so that the gateway's WebCrypto is checked against another maker. */
export interface TestDevice {
  id: string;
  /** Raw key, base64url. */
  publicKey: string;
  publicPem: string;
  privateKey: KeyObject;
  sign(text: string): Buffer;
}

export function createTestDevice(): TestDevice {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  return {
    id: createHash("sha256").update(raw).digest("hex"),
    publicKey: raw.toString("base64url"),
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    privateKey,
    sign: (text) => sign(null, Buffer.from(text), privateKey),
  };
}
