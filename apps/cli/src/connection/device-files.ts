import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stateUnwritable } from "../installation/state-unwritable.ts";
import { type DeviceIdentity, type DeviceTokenStore, createDeviceIdentity } from "@openclaw/protocol/client";

/** `identity/device.json`: this machine's key pair, in the format other installations know. */
interface DeviceFile {
  version: 1;
  deviceId: string;
  publicKeyPem: string;
  privateKeyPem: string;
  createdAtMs: number;
}

/** The machine's device identity; made on first use. An unreadable file is set aside, never overwritten. */
export async function loadDeviceIdentity(identityDir: string): Promise<DeviceIdentity> {
  const path = join(identityDir, "device.json");
  const { publicKeyPem: publicKey, privateKeyPem: privateKey } = (readJson(path) ?? {}) as Partial<DeviceFile>;
  if (publicKey && privateKey) {
    try {
      return await createDeviceIdentity({ publicKey, privateKey });
    } catch {
      // Not a key pair: treated like a file that cannot be read.
    }
  }
  if (existsSync(path)) renameSync(path, `${path}.unreadable-${Date.now()}`);
  const pair = generateKeyPairSync("ed25519");
  const publicKeyPem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  const privateKeyPem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const identity = await createDeviceIdentity({ publicKey: publicKeyPem, privateKey: privateKeyPem });
  const file: DeviceFile = {
    version: 1,
    deviceId: identity.deviceId,
    publicKeyPem,
    privateKeyPem,
    createdAtMs: Date.now(),
  };
  writeJson(path, file);
  return identity;
}

interface TokenFile {
  version: 1;
  deviceId: string;
  tokens: Record<
    string,
    { token: string; role: string; scopes: readonly string[]; updatedAtMs: number; gateway?: string }
  >;
}

/**
 * `identity/device-auth.json`: tokens that gateways gave to this device, by role. Tokens of an older installation name no
 * gateway: they were given by the local one, and go nowhere else.
 */
export function fileTokenStore(identityDir: string, { local }: { local: boolean }): DeviceTokenStore {
  const path = join(identityDir, "device-auth.json");
  const read = (deviceId: string): TokenFile => {
    const file = readJson(path) as Partial<TokenFile> | undefined;
    const tokens = file?.deviceId === deviceId && typeof file.tokens === "object" ? file.tokens : {};
    return { version: 1, deviceId, tokens };
  };
  return {
    load({ gateway, deviceId, role }) {
      const stored = read(deviceId).tokens[role];
      if (!stored || (stored.gateway === undefined ? !local : stored.gateway !== gateway)) return undefined;
      return { token: stored.token, scopes: stored.scopes };
    },
    save({ gateway, deviceId, role }, { token, scopes }) {
      const file = read(deviceId);
      file.tokens[role] = { token, role, scopes, updatedAtMs: Date.now(), gateway };
      writeJson(path, file);
    },
    drop({ deviceId, role }) {
      const file = read(deviceId);
      delete file.tokens[role];
      writeJson(path, file);
    },
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function writeJson(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    throw stateUnwritable(path, error);
  }
}
