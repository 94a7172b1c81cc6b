import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { OpenClawError, type Log } from "@openclaw/core";
import type { ProfileStats } from "./cooldown.ts";
import { isCredential, type Credential } from "./credential.ts";
import { withFileLock } from "./file-lock.ts";

/** `auth-profiles.json`. Fields and entries we do not know are kept when it is written. */
export interface AuthFileData {
  version: 1;
  /** By `<provider>:<name>`. */
  profiles: Record<string, Credential>;
  /** Profile ids by provider, first tried first. Set with `openclaw models auth order`. */
  order?: Record<string, string[]>;
  /** The profile that answered last, by provider. */
  lastGood?: Record<string, string>;
  usageStats?: Record<string, ProfileStats>;
  [other: string]: unknown;
}

/** Longest wait for another process that writes the same file, ms. A write takes about one. */
const LOCK_WAIT_MS = 3000;

/** Never throws: a file that is not there, or cannot be read, has no profiles. */
export function readAuthFile(path: string, log: Log): AuthFileData {
  try {
    return parse(path) ?? empty();
  } catch {
    log.warn(`${path} is not valid JSON; its credentials are left out.`);
    return empty();
  }
}

/**
 * Reads, changes and replaces the file while no other process does; mode 0600. `change` returns false when there is
 * nothing to write. Throws `AUTH_FILE_UNREADABLE` rather than writing over credentials it cannot read, and `LOCK_BUSY`.
 */
export function updateAuthFile(path: string, change: (data: AuthFileData) => boolean): Promise<void> {
  return withFileLock(`${path}.lock`, { waitMs: LOCK_WAIT_MS }, () => {
    let data: AuthFileData;
    try {
      data = parse(path) ?? empty();
    } catch (cause) {
      throw new OpenClawError({
        code: "AUTH_FILE_UNREADABLE",
        message: `${path} is not valid JSON, so nothing was written to it.`,
        hint: "Correct the file, or move it away to start with none.",
        cause,
      });
    }
    if (!change(data)) return;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const next = `${path}.${process.pid}.tmp`;
    try {
      writeFileSync(next, `${JSON.stringify(data, undefined, 2)}\n`, { mode: 0o600 });
      chmodSync(next, 0o600);
      renameSync(next, path);
    } catch (error) {
      rmSync(next, { force: true });
      throw error;
    }
  });
}

/** Profiles with a shape we can use. The others stay in the file. */
export function credentialsIn(data: AuthFileData): [id: string, credential: Credential][] {
  return Object.entries(data.profiles).filter((entry): entry is [string, Credential] => isCredential(entry[1]));
}

function parse(path: string): AuthFileData | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const data: unknown = JSON.parse(text);
  if (!isRecord(data)) throw new SyntaxError("not an object");
  return {
    ...data,
    version: 1,
    profiles: (isRecord(data["profiles"]) ? data["profiles"] : {}) as AuthFileData["profiles"],
  };
}

function empty(): AuthFileData {
  return { version: 1, profiles: {} };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
