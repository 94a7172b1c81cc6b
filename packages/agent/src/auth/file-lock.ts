import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OpenClawError } from "@openclaw/core";

export interface FileLockOptions {
  /** Longest wait for somebody else, ms. */
  waitMs: number;
  /** A lock older than this counts as abandoned even if its process lives, ms. Longer than any work done under it. */
  staleMs?: number;
}

const POLL_MS = 20;

/**
 * Runs `work` while no other process (and nobody else in this one) holds the lock file. A lock whose process has ended
 * is taken over at once. Throws `LOCK_BUSY` after `waitMs`: nobody is ever held up for minutes.
 */
export async function withFileLock<T>(
  path: string,
  { waitMs, staleMs = 30_000 }: FileLockOptions,
  work: () => T | Promise<T>,
): Promise<T> {
  const mine = JSON.stringify({ pid: process.pid, token: crypto.randomUUID() });
  const deadline = Date.now() + waitMs;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  while (!take(path, mine)) {
    if (breakIfAbandoned(path, staleMs)) continue;
    if (Date.now() >= deadline) {
      throw new OpenClawError({
        code: "LOCK_BUSY",
        message: `${path} is held by process ${ownerOf(readText(path)) ?? "?"}.`,
        hint: "Try again in a moment. If no OpenClaw process runs, delete that file.",
      });
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    // Somebody who took us for dead holds it now.
    if (readText(path) === mine) rmSync(path, { force: true });
  }
}

function take(path: string, mine: string): boolean {
  try {
    writeFileSync(path, mine, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** True when the lock is gone and may be taken. */
function breakIfAbandoned(path: string, staleMs: number): boolean {
  const held = readText(path);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (held === undefined || !stat) return true;
  const age = Date.now() - stat.mtimeMs;
  const owner = ownerOf(held);
  // An empty file was created a moment ago and is about to be filled.
  const abandoned = owner === undefined ? age > 1000 : age > staleMs || !isAlive(owner);
  if (!abandoned) return false;
  const aside = `${path}.${process.pid}.${crypto.randomUUID().slice(0, 8)}`;
  try {
    renameSync(path, aside);
  } catch {
    return true;
  }
  // Another process was quicker: what was moved away is its lock, and goes back.
  if (readText(aside) !== held) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one holds it by now.
    }
  }
  rmSync(aside, { force: true });
  return true;
}

function ownerOf(text: string | undefined): number | undefined {
  try {
    const { pid } = JSON.parse(text ?? "") as { pid?: unknown };
    return typeof pid === "number" && Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
