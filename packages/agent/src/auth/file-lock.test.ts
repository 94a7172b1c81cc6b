import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withFileLock } from "./file-lock.ts";

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lock-"));
  path = join(dir, "file.lock");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const hold = (pid: number) => writeFileSync(path, JSON.stringify({ pid, token: "other" }));

test("a lock that is held makes others give up soon, and says who holds it", async () => {
  hold(process.pid);
  const started = Date.now();
  await expect(withFileLock(path, { waitMs: 60 }, () => "in")).rejects.toMatchObject({
    code: "LOCK_BUSY",
    message: expect.stringContaining(String(process.pid)) as string,
  });
  expect(Date.now() - started).toBeLessThan(2000);
  expect(existsSync(path)).toBe(true);
});

test("the lock of a process that has ended is taken over at once", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  hold(pid);
  expect(await withFileLock(path, { waitMs: 0 }, () => "in")).toBe("in");
  expect(existsSync(path)).toBe(false);
});

test("a lock older than any work under it is abandoned", async () => {
  hold(process.pid);
  const old = new Date(Date.now() - 60_000);
  utimesSync(path, old, old);
  expect(await withFileLock(path, { waitMs: 0 }, () => "in")).toBe("in");
});

test("work that fails gives the lock back; a lock taken over meanwhile is left alone", async () => {
  await expect(
    withFileLock(path, { waitMs: 0 }, () => {
      throw new Error("work");
    }),
  ).rejects.toThrow("work");
  expect(existsSync(path)).toBe(false);
  await withFileLock(path, { waitMs: 0 }, () => hold(process.pid));
  expect(existsSync(path)).toBe(true);
});

test("only one at a time is inside", async () => {
  let inside = 0;
  let most = 0;
  const one = () =>
    withFileLock(path, { waitMs: 5000 }, async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    });
  await Promise.all([one(), one(), one(), one()]);
  expect(most).toBe(1);
});
