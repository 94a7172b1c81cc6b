import { mkdtempSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog, systemClock } from "@openclaw/core";
import type { LoadedConfig } from "@openclaw/core/config";
import { resolvePaths } from "@openclaw/core/paths";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { channelManifests } from "../manifests/index.ts";
import { type Configuration, openConfiguration } from "./configuration.ts";

let dir: string;
let file: string;
const opened: Configuration[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "configuration-"));
  file = join(dir, "openclaw.json");
});
afterEach(() => {
  for (const configuration of opened.splice(0)) configuration.close();
  rmSync(dir, { recursive: true });
});

const write = (text: string) => writeFileSync(file, text, { mode: 0o600 });
const good = (port: number) => `{ gateway: { mode: "local", port: ${port}, reload: { debounceMs: 20 } } }`;

async function open(): Promise<Configuration> {
  const configuration = await openConfiguration({
    paths: resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: dir, tmpdir: dir }),
    env: {},
    cwd: dir,
    homedir: dir,
    manifests: channelManifests,
    clock: systemClock,
    log: silentLog,
    version: "0.0.0",
  });
  opened.push(configuration);
  return configuration;
}

/** Watches, and puts each new configuration in force. */
function follow(configuration: Configuration): LoadedConfig[] {
  const changes: LoadedConfig[] = [];
  configuration.watch((next) => {
    changes.push(next);
    configuration.use(next);
  });
  return changes;
}

test("with neither a valid file nor a good one from before, every problem is said at once", async () => {
  write('{ gateway: { prot: 1, bind: "everywhere" } }');
  await expect(open()).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringMatching(/prot[\s\S]*everywhere/) as string,
  });
});

test("a broken file does not stop the next start: the last good one is in force and the file is left alone", async () => {
  write(good(1111));
  (await open()).markGood();
  write("{ gateway: { port: ");
  const configuration = await open();
  expect(configuration.current().gateway?.port).toBe(1111);
  expect(configuration.degraded()).toMatchObject({ file, problems: [expect.stringContaining(file)] });
  expect(statSync(file).size).toBe("{ gateway: { port: ".length);
});

test("what is stored for the day the file breaks is readable by its owner alone", async () => {
  write(good(1111));
  (await open()).markGood();
  expect(statSync(join(dir, "last-known-good")).mode & 0o777).toBe(0o700);
});

test("a valid edit is seen, an invalid one is reported and changes nothing, a repair is picked up", async () => {
  write(good(1111));
  const configuration = await open();
  const changes = follow(configuration);
  write(good(2222));
  await vi.waitFor(() => expect(configuration.current().gateway?.port).toBe(2222));
  write("{ gateway: 5 }");
  await vi.waitFor(() => expect(configuration.degraded()).toBeDefined());
  expect(configuration.current().gateway?.port).toBe(2222);
  write(good(3333));
  await vi.waitFor(() => expect(configuration.current().gateway?.port).toBe(3333));
  expect(configuration.degraded()).toBeUndefined();
  expect(changes).toHaveLength(2);
});

test("an editor that writes a new file and renames it is seen", async () => {
  write(good(1111));
  const configuration = await open();
  follow(configuration);
  writeFileSync(join(dir, "openclaw.json.swp"), good(2222));
  renameSync(join(dir, "openclaw.json.swp"), file);
  await vi.waitFor(() => expect(configuration.current().gateway?.port).toBe(2222));
});

test("two writes in quick succession are one change", async () => {
  write(good(1111));
  const configuration = await open();
  const changes = follow(configuration);
  write("{ gateway: ");
  write(good(2222));
  await vi.waitFor(() => expect(configuration.current().gateway?.port).toBe(2222));
  expect(changes).toHaveLength(1);
  expect(configuration.degraded()).toBeUndefined();
});

test("a change in an included file is seen", async () => {
  mkdirSync(join(dir, "parts"));
  writeFileSync(join(dir, "parts", "gateway.json5"), good(1111).replace("{ gateway: ", "").replace(/ \}$/, ""));
  write('{ gateway: { $include: "./parts/gateway.json5" } }');
  const configuration = await open();
  follow(configuration);
  writeFileSync(join(dir, "parts", "gateway.json5"), '{ mode: "local", port: 2222 }');
  await vi.waitFor(() => expect(configuration.current().gateway?.port).toBe(2222));
});

test("a configuration that is valid but does not start gives way to the last good one, once", async () => {
  write(good(1111));
  (await open()).markGood();
  write(good(2222));
  const configuration = await open();
  expect(await configuration.fallBack(new Error("the port is taken"))).toBe(true);
  expect(configuration.current().gateway?.port).toBe(1111);
  expect(configuration.degraded()?.problems).toEqual(["the gateway does not start with it: the port is taken"]);
  expect(await configuration.fallBack(new Error("again"))).toBe(false);
});
