import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { OpenClawError } from "../../error.ts";
import { hashOf } from "../hash.ts";

/** `.bak`, then `.bak.1` to `.bak.4`, the newest first. */
const BACKUPS = 5;

export interface WriteOptions {
  /** Absolute path. A symbolic link is followed. */
  path: string;
  text: string;
  /** Hash of the text that the change was made from. Refused when the file holds another; left out, nothing is checked. */
  baseHash?: string;
}

export interface WriteResult {
  path: string;
  hash: string;
  /** False when the file held this text already; no backup was made then. */
  written: boolean;
  /** The newest backup. */
  backup?: string;
}

/**
 * Replaces a configuration file in one step, mode 0600, after backing it up. A crash leaves either the old text or the
 * new one. Directories are made 0700.
 *
 * Fails with `CONFIG_CHANGED` when `baseHash` does not match, and `CONFIG_WRITE` when the file system refuses.
 */
export function writeConfigFile({ path, text, baseHash }: WriteOptions): WriteResult {
  try {
    const file = existsSync(path) ? realpathSync(path) : path;
    const current = readIfThere(file);
    if (baseHash !== undefined) assertUnchanged(path, baseHash);
    if (current === text) return { path, hash: hashOf(text), written: false };
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const backup = current === undefined ? undefined : rotateBackups(file);
    replaceFile(file, text);
    return { path, hash: hashOf(text), written: true, ...(backup !== undefined && { backup }) };
  } catch (error) {
    if (OpenClawError.is(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OpenClawError({
      code: "CONFIG_WRITE",
      message: `${path} could not be written: ${reason}`,
      hint: "Check the permissions of the file and its directory.",
      cause: error,
    });
  }
}

/** Writes a file in one step: a new file beside it, synced, then renamed over it. Mode 0600. */
export function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2, 10)}.tmp`;
  try {
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    syncDirectory(dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes the rename itself survive a power cut, where the system can. */
function syncDirectory(dir: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(dir, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function rotateBackups(file: string): string {
  const name = (index: number) => (index === 0 ? `${file}.bak` : `${file}.bak.${index}`);
  for (let index = BACKUPS - 2; index >= 0; index--)
    if (existsSync(name(index))) renameSync(name(index), name(index + 1));
  copyFileSync(file, name(0));
  chmodSync(name(0), 0o600);
  return name(0);
}

/** Fails with `CONFIG_CHANGED` unless the file holds the text with that hash. A missing file counts as empty. */
export function assertUnchanged(path: string, baseHash: string): void {
  if (baseHash !== hashOf(readIfThere(path) ?? "")) throw changed(path);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function changed(path: string): OpenClawError {
  return new OpenClawError({
    code: "CONFIG_CHANGED",
    message: `${path} changed since it was read.`,
    hint: "Read the configuration again and repeat the change.",
  });
}
