import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@openclaw/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireInstanceLock } from "../lock/instance-lock.ts";
import { instanceOwner } from "./instance-owner.ts";

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "lock-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("whoever holds the lock is the owner, until it is released", async () => {
  const path = join(dir, "gateway.lock");
  const lock = await acquireInstanceLock(path, "/etc/openclaw.json", systemClock);
  expect(instanceOwner(path)).toMatchObject({ pid: process.pid, configPath: "/etc/openclaw.json" });
  lock.release();
  expect(instanceOwner(path)).toBeUndefined();
});

test("a process that has ended owns nothing, nor does another one under its number", () => {
  const path = join(dir, "gateway.lock");
  const owner = { pid: 2 ** 22 + 1, createdAt: "2026-11-20T00:00:00.000Z", configPath: "x" };
  writeFileSync(path, JSON.stringify(owner));
  expect(instanceOwner(path)).toBeUndefined();
  writeFileSync(path, JSON.stringify({ ...owner, pid: process.pid, startTime: 1 }));
  if (process.platform === "linux") expect(instanceOwner(path)).toBeUndefined();
});

test.each(["", "null", "[]", '{"pid":"12"}', '{"pid":-1}'])(
  "a lock file that holds %j names nobody, least of all a group of processes",
  (text) => {
    const path = join(dir, "gateway.lock");
    writeFileSync(path, text);
    expect(instanceOwner(path)).toBeUndefined();
  },
);
