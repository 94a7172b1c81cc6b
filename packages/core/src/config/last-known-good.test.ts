import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLastKnownGood, type LastKnownGood } from "./last-known-good.ts";
import { loadConfig, type LoadOptions } from "./load.ts";

let dir: string;
let store: LastKnownGood;
let options: LoadOptions & { configPath: string };
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "openclaw-lkg-"));
  store = createLastKnownGood(join(dir, "last-known-good"));
  options = { env: {}, cwd: dir, homedir: dir, stateDir: dir, configPath: join(dir, "openclaw.json"), manifests: [] };
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(dir, name), text);

test("brings back the file and what it included, whatever became of them", async () => {
  write("openclaw.json", '{ gateway: { $include: "./g.json5" } }');
  write("g.json5", "{ port: 4242 }");
  store.save(await loadConfig(options), { now: Date.parse("2026-01-01T00:00:00Z"), programVersion: "1.0.0" });
  write("openclaw.json", "{ gateway: ");
  rmSync(join(dir, "g.json5"));
  const found = await store.load(options);
  expect(found?.loaded).toMatchObject({ valid: true, config: { gateway: { port: 4242 } } });
  expect(found?.snapshot).toMatchObject({
    savedAt: "2026-01-01T00:00:00.000Z",
    programVersion: "1.0.0",
    path: options.configPath,
  });
  expect((await loadConfig(options)).valid).toBe(false);
});

test("a configuration that was no file at all is remembered too", async () => {
  store.save(await loadConfig(options), { now: 0 });
  write("openclaw.json", "{ nonsense");
  expect((await store.load(options))?.loaded).toMatchObject({ valid: true, exists: false });
});

test("is readable by the owner alone and not written without need", async () => {
  write("openclaw.json", "{}");
  const loaded = await loadConfig(options);
  store.save(loaded, { now: 0 });
  const [file] = readdirSync(join(dir, "last-known-good"));
  expect((statSync(join(dir, "last-known-good", file!)).mode & 0o777).toString(8)).toBe("600");
  expect((statSync(join(dir, "last-known-good")).mode & 0o777).toString(8)).toBe("700");
  store.save(loaded, { now: 5 });
  expect(store.read(options.configPath)?.savedAt).toBe("1970-01-01T00:00:00.000Z");
});

test("keeps one for each configuration path", async () => {
  write("openclaw.json", "{ gateway: { port: 1 } }");
  write("other.json", "{ gateway: { port: 2 } }");
  store.save(await loadConfig(options), { now: 0 });
  store.save(await loadConfig({ ...options, configPath: join(dir, "other.json") }), { now: 0 });
  expect((await store.load(options))?.loaded.config.gateway?.port).toBe(1);
  store.forget(options.configPath);
  expect(await store.load(options)).toBeUndefined();
});

test("a damaged store counts as none", async () => {
  write("openclaw.json", "{}");
  store.save(await loadConfig(options), { now: 0 });
  const [file] = readdirSync(join(dir, "last-known-good"));
  write(`last-known-good/${file!}`, '{ "version": 1');
  expect(store.read(options.configPath)).toBeUndefined();
});
