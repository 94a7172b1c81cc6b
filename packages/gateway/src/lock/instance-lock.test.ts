import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireInstanceLock } from "./instance-lock.ts";

let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lock-"));
  path = join(dir, "locks", "gateway.lock");
});
afterEach(() => rmSync(dir, { recursive: true }));

const acquire = (clock = createFakeClock({ now: Date.now() })) => acquireInstanceLock(path, "/config.json", clock);

test("the lock says who holds which configuration, to its owner alone, and goes with the release", async () => {
  const lock = await acquire();
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid, configPath: "/config.json" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  lock.release();
  expect(existsSync(path)).toBe(false);
});

test("a living owner is waited for, then named", async () => {
  await acquire();
  const clock = createFakeClock({ now: Date.now() });
  const second = acquire(clock);
  const refused = expect(second).rejects.toMatchObject({ code: "GATEWAY_RUNNING", details: { pid: process.pid } });
  await clock.advance(5_200);
  await refused;
});

test("a restart may overlap: the lock is taken as soon as it is free", async () => {
  const first = await acquire();
  const clock = createFakeClock({ now: Date.now() });
  const second = acquire(clock);
  await clock.advance(1_000);
  first.release();
  await clock.advance(200);
  await expect(second).resolves.toBeDefined();
});

test("the lock of a dead process is taken over", async () => {
  await acquire();
  const child = spawn(process.execPath, ["-e", "0"]);
  await new Promise((resolve) => child.once("exit", resolve));
  writeFileSync(
    path,
    JSON.stringify({ pid: child.pid, createdAt: "2026-01-01T00:00:00Z", configPath: "/config.json" }),
  );
  await expect(acquire()).resolves.toBeDefined();
});

test("a process that only has the dead one's number does not hold the lock", async () => {
  await acquire();
  const owner = JSON.parse(readFileSync(path, "utf8")) as { startTime?: number };
  writeFileSync(path, JSON.stringify({ ...owner, startTime: (owner.startTime ?? 0) - 1 }));
  await expect(acquire()).resolves.toBeDefined();
});
