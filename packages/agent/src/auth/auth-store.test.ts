import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { silentLog } from "@openclaw/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { updateAuthFile } from "./auth-file.ts";
import { createAuthStore } from "./auth-store.ts";

let state: string;
beforeEach(() => void (state = mkdtempSync(join(tmpdir(), "auth-"))));
afterEach(() => rmSync(state, { recursive: true, force: true }));

const dirOf = (agent: string) => join(state, "agents", agent, "agent");
const fileOf = (agent: string) => join(dirOf(agent), "auth-profiles.json");
const storeOf = (agent: string) =>
  createAuthStore({
    agentDir: dirOf(agent),
    mainDir: dirOf("main"),
    legacyDir: join(state, "credentials"),
    log: silentLog,
  });

function write(path: string, data: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof data === "string" ? data : JSON.stringify(data));
}

const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, unknown>>;
const key = (secret: string, provider = "p") => ({ type: "api_key", provider, key: secret });

test("an agent's profiles stand over the main agent's, and each is written where it lives", async () => {
  write(fileOf("main"), {
    version: 1,
    profiles: { "p:a": key("main-a"), "p:b": key("main-b") },
    order: { p: ["p:b"] },
  });
  write(fileOf("work"), { version: 1, profiles: { "p:a": key("work-a") } });
  const store = storeOf("work");
  const { profiles, order } = store.read();
  expect(profiles).toMatchObject({ "p:a": { key: "work-a" }, "p:b": { key: "main-b" } });
  expect(order).toEqual({ p: ["p:b"] });
  for (const id of ["p:a", "p:b", "p:new"]) {
    await store.update(id, (data) => {
      data.usageStats = { ...data.usageStats, [id]: { errorCount: 1 } };
      return true;
    });
  }
  expect(Object.keys(read(fileOf("main"))["usageStats"]!)).toEqual(["p:b"]);
  expect(Object.keys(read(fileOf("work"))["usageStats"]!)).toEqual(["p:a", "p:new"]);
});

test("of two copies of one sign-in the one renewed last is used", () => {
  const login = (access: string, expires: number) => ({ type: "oauth", provider: "p", access, refresh: "r", expires });
  write(fileOf("main"), { version: 1, profiles: { "p:me": login("new", 2000) } });
  write(fileOf("work"), { version: 1, profiles: { "p:me": login("old", 1000) } });
  expect(storeOf("work").read().profiles["p:me"]).toMatchObject({ access: "new" });
});

test("writing keeps what we do not know, with mode 600, and leaves nothing lying about", async () => {
  const strange = { type: "passkey", provider: "p", blob: 1 };
  write(fileOf("main"), { version: 1, profiles: { "p:x": strange, "p:a": key("k") }, future: { a: 1 } });
  await storeOf("main").update("p:a", (data) => {
    data.lastGood = { p: "p:a" };
    return true;
  });
  expect(read(fileOf("main"))).toMatchObject({
    profiles: { "p:x": strange },
    future: { a: 1 },
    lastGood: { p: "p:a" },
  });
  expect(statSync(fileOf("main")).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirOf("main"))).toEqual(["auth-profiles.json"]);
});

test("a file that cannot be read has no profiles, and is not written over", async () => {
  write(fileOf("main"), '{"version": 1, "profiles": {"p:a": ');
  const store = storeOf("main");
  expect(store.read().profiles).toEqual({});
  await expect(store.update("p:a", () => true)).rejects.toMatchObject({ code: "AUTH_FILE_UNREADABLE" });
  expect(readFileSync(fileOf("main"), "utf8")).toContain('"p:a": ');
});

test("old credential files are taken over once, existing profiles win", async () => {
  write(fileOf("main"), { version: 1, profiles: { "anthropic:default": key("mine", "anthropic") } });
  const codex = { type: "oauth", access: "a", refresh: "r", expires: 5 };
  write(join(dirOf("main"), "auth.json"), { anthropic: { type: "api_key", key: "older" }, "openai-codex": codex });
  write(join(state, "credentials", "oauth.json"), { xai: { access: "x", refresh: "y", expires: 6 }, junk: 1 });
  const store = storeOf("main");
  const { profiles } = store.read();
  expect(Object.keys(profiles).toSorted()).toEqual(["anthropic:default", "openai-codex:default", "xai:default"]);
  expect(profiles["anthropic:default"]).toMatchObject({ key: "mine" });
  await store.update("anthropic:default", () => false);
  expect(read(fileOf("main"))["profiles"]).toMatchObject({
    "openai-codex:default": { ...codex, provider: "openai-codex" },
    "xai:default": { type: "oauth", provider: "xai", access: "x" },
  });
  expect(existsSync(join(dirOf("main"), "auth.json"))).toBe(false);
  expect(existsSync(join(state, "credentials", "oauth.json"))).toBe(true);
});

test("a crowd of writers loses no change", async () => {
  const path = fileOf("main");
  const one = (n: number) =>
    updateAuthFile(path, (data) => {
      data.profiles[`p:${n}`] = { type: "api_key", provider: "p", key: `${n}` };
      return true;
    });
  await Promise.all(Array.from({ length: 20 }, (_, n) => one(n)));
  expect(Object.keys(read(path)["profiles"]!)).toHaveLength(20);
});
