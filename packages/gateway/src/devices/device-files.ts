import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Log } from "@openclaw/core";
import type { PairedDevice, PairingRequest } from "./device-types.ts";

interface DeviceRecords {
  pending: Map<string, PairingRequest>;
  paired: Map<string, PairedDevice>;
}

export interface DeviceFiles {
  load(): Promise<DeviceRecords>;
  savePending(pending: DeviceRecords["pending"]): Promise<void>;
  savePaired(paired: DeviceRecords["paired"]): Promise<void>;
}

interface DeviceFilesOptions {
  stateDir: string;
  clock: Clock;
  log: Log;
}

/**
 * `S/devices/pending.json` (by request id) and `S/devices/paired.json` (by device id): directory 0700, files 0600,
 * replaced atomically. An unreadable file is set aside under another name, so that a damaged one neither stops the
 * gateway nor is lost; entries of another shape are dropped and named in the log.
 */
export function createDeviceFiles({ stateDir, clock, log }: DeviceFilesOptions): DeviceFiles {
  const directory = join(stateDir, "devices");

  async function read<T>(name: string, accepts: (value: unknown) => value is T): Promise<Map<string, T>> {
    const path = join(directory, name);
    const found = new Map<string, T>();
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return found;
      throw error;
    }
    const entries = parseObject(text);
    if (entries === undefined) {
      const aside = `${path}.corrupt-${clock.now()}`;
      await rename(path, aside);
      log.error("device file is damaged and was set aside; its devices must pair again", { path, aside });
      return found;
    }
    for (const [key, value] of Object.entries(entries)) {
      if (accepts(value)) found.set(key, value);
      else log.warn("device entry of an unknown shape was dropped", { path, key });
    }
    return found;
  }

  async function write(name: string, entries: ReadonlyMap<string, unknown>): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, name);
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  return {
    async load() {
      return {
        pending: await read("pending.json", isPairingRequest),
        paired: await read("paired.json", isPairedDevice),
      };
    },
    savePending: (pending) => write("pending.json", pending),
    savePaired: (paired) => write("paired.json", paired),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isPairingRequest(value: unknown): value is PairingRequest {
  return (
    isRecord(value) &&
    typeof value.requestId === "string" &&
    typeof value.deviceId === "string" &&
    typeof value.publicKey === "string" &&
    typeof value.role === "string" &&
    isStringList(value.roles) &&
    isStringList(value.scopes) &&
    typeof value.ts === "number"
  );
}

function isPairedDevice(value: unknown): value is PairedDevice {
  return (
    isRecord(value) &&
    typeof value.deviceId === "string" &&
    typeof value.publicKey === "string" &&
    isStringList(value.roles) &&
    (value.scopes === undefined || isStringList(value.scopes)) &&
    isRecord(value.tokens) &&
    Object.values(value.tokens).every(isDeviceToken)
  );
}

function isDeviceToken(value: unknown): boolean {
  return isRecord(value) && typeof value.token === "string" && isStringList(value.scopes);
}
