import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAuth, type ModelAuthOptions } from "./model-auth.ts";
import type { OAuthFlow } from "./oauth-flows.ts";

let stateDir: string;
const clock = createFakeClock();
beforeEach(() => void (stateDir = mkdtempSync(join(tmpdir(), "model-auth-"))));
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const authOf = (more: Partial<ModelAuthOptions> = {}) =>
  createModelAuth({ agentId: "main", config: {}, stateDir, env: {}, clock, ...more });
const fileOf = (agent = "main") => join(stateDir, "agents", agent, "agent", "auth-profiles.json");
const read = (agent?: string) =>
  JSON.parse(readFileSync(fileOf(agent), "utf8")) as { profiles: Record<string, object>; order?: object };

test("a pasted key is stored clean, in a file that others cannot read, and never comes out again", async () => {
  const auth = authOf();
  expect(await auth.addKey({ provider: "Z.AI", key: " export ZAI_API_KEY='canary-123456'\n" })).toBe("zai:default");
  expect(read().profiles).toEqual({ "zai:default": { type: "api_key", provider: "zai", key: "canary-123456" } });
  expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
  const status = auth.status();
  expect(status).toMatchObject([{ provider: "zai", label: "Z.AI", uses: "zai:default" }]);
  expect(JSON.stringify(status)).not.toContain("canary");
});

test("what claude setup-token prints is a token, however it was pasted; tokens end when they say", async () => {
  const auth = authOf();
  await auth.addKey({ provider: "anthropic", key: "sk-ant-oat01-abcdefgh" });
  await auth.addToken({ provider: "anthropic", name: "old", token: "sk-ant-oat01-12345678", expires: clock.now() - 1 });
  expect(read().profiles["anthropic:default"]).toMatchObject({ type: "token", token: "sk-ant-oat01-abcdefgh" });
  expect(auth.status()[0]).toMatchObject({
    uses: "anthropic:default",
    profiles: [
      { id: "anthropic:default", unusable: false },
      { id: "anthropic:old", unusable: true, expires: clock.now() - 1 },
    ],
  });
});

test("what is no key or no name is refused in words", async () => {
  const auth = authOf();
  expect(() => auth.addKey({ provider: "zai", key: "two words" })).toThrow(/not a key/);
  expect(() => auth.addKey({ provider: "zai", key: " " })).toThrow(/No key was given/);
  expect(() => auth.addKey({ provider: "zai", key: "12345678", name: "a b" })).toThrow(/cannot name a profile/);
  await expect(auth.setOrder("zai", ["zai:none"])).rejects.toMatchObject({ code: "AUTH_PROFILE_UNKNOWN" });
  expect(await auth.remove("zai:none")).toBe(false);
});

test("an order is stored, shown, followed, and let go of; a removed profile leaves no trace", async () => {
  const auth = authOf();
  await auth.addKey({ provider: "zai", key: "key-number-1", name: "one" });
  await auth.addKey({ provider: "zai", key: "key-number-2", name: "two" });
  await auth.setOrder("z.ai", ["zai:two", "zai:one"]);
  expect(auth.status()[0]).toMatchObject({
    uses: "zai:two",
    order: { ids: ["zai:two", "zai:one"], from: "stored" },
    profiles: [{ id: "zai:two" }, { id: "zai:one" }],
  });
  await auth.addKey({ provider: "zai", key: "key-number-3", name: "three" });
  expect(await auth.remove("zai:two")).toBe(true);
  expect(read()).toMatchObject({ order: { zai: ["zai:one", "zai:three"] } });
  expect(JSON.stringify(read())).not.toContain("zai:two");
  await auth.setOrder("zai", undefined);
  expect(read().order).toBeUndefined();
});

test("a key that is replaced starts with a clean slate", async () => {
  const auth = authOf();
  await auth.addKey({ provider: "zai", key: "key-number-1" });
  const file = fileOf();
  const data = { ...read(), usageStats: { "zai:default": { errorCount: 3, cooldownUntil: clock.now() + 9e6 } } };
  writeFileSync(file, JSON.stringify(data));
  expect(auth.status()[0]?.profiles[0]).toMatchObject({ errorCount: 3, rest: { until: clock.now() + 9e6 } });
  await auth.addKey({ provider: "zai", key: "key-number-2" });
  expect(auth.status()[0]?.profiles[0]?.rest).toBeUndefined();
});

test("keys outside of profiles are shown by their place", () => {
  const config = { models: { providers: { proxy: { baseUrl: "http://127.0.0.1:1", apiKey: "canary", models: [] } } } };
  const status = authOf({ env: { OPENAI_API_KEY: "canary", AWS_PROFILE: "work" }, config }).status();
  expect(status).toMatchObject([
    { provider: "openai", outside: "OPENAI_API_KEY", uses: "OPENAI_API_KEY", profiles: [] },
    { provider: "proxy", outside: "models.providers.proxy.apiKey" },
  ]);
  expect(JSON.stringify(status)).not.toContain("canary");
});

test("signing in stores what the provider gave under the account's address", async () => {
  const claims = Buffer.from(JSON.stringify({ email: "ada@example.com" })).toString("base64url");
  const flow: OAuthFlow = {
    login: async (interaction) => {
      interaction.notify({ type: "auth_url", url: "https://example.com/sign-in" });
      const code = await interaction.prompt({ type: "manual_code", message: "code?" });
      return { type: "oauth", access: `h.${claims}.${code}`, refresh: "r", expires: 5e12, accountId: "acc" };
    },
    refresh: (credential) => Promise.resolve({ ...credential, type: "oauth" }),
    toAuth: ({ access }) => Promise.resolve({ apiKey: access }),
  };
  const auth = authOf({ agentId: "work", oauthFlows: { "openai-codex": () => Promise.resolve(flow) } });
  const told: unknown[] = [];
  const id = await auth.login({
    provider: "codex",
    interaction: { prompt: () => Promise.resolve("xyz"), notify: (event) => void told.push(event) },
  });
  expect(id).toBe("openai-codex:ada@example.com");
  expect(told).toHaveLength(1);
  expect(read("work").profiles[id]).toEqual({
    type: "oauth",
    provider: "openai-codex",
    access: `h.${claims}.xyz`,
    refresh: "r",
    expires: 5e12,
    accountId: "acc",
    email: "ada@example.com",
  });
  await expect(
    auth.login({ provider: "zai", interaction: { prompt: () => Promise.resolve(""), notify() {} } }),
  ).rejects.toMatchObject({ code: "AUTH_LOGIN_UNSUPPORTED" });
});
