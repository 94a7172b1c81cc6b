import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createFakeClock } from "@openclaw/testkit";
import { fail, say, startScriptedLlm } from "@openclaw/testkit/llm";
import { afterEach, expect, test } from "vitest";
import { createAgentFixture } from "../../test/agent-fixture.ts";

/** Nothing of the machine the tests run on: every default port is switched off. */
const NO_SERVERS = { ollama: 0, lmstudio: 0, llamacpp: 0, vllm: 0, litellm: 0 };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(body: string, status = 200): Promise<number> {
  const server = createServer((_request, response) => void response.writeHead(status).end(body));
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

test("with nothing at all the built-in rules answer, and every step says what was tried", async () => {
  await using fixture = await createAgentFixture();
  const agent = fixture.agent({ config: {}, env: {}, localPorts: NO_SERVERS });
  const resolution = await agent.resolveModel();
  expect(resolution).toMatchObject({ provider: "offline", model: "rules", kind: "rules", source: "offline" });
  expect(resolution.steps.length).toBeGreaterThanOrEqual(4);
  const result = await agent.run("what is 15% of 240?").result;
  expect(result).toMatchObject({ status: "ok", provider: "offline", model: "rules" });
  expect(result.payloads.map((payload) => payload.text).join("\n")).toContain("36");
});

test("the offline rules use the agent's real tools", async () => {
  await using fixture = await createAgentFixture();
  const agent = fixture.agent({ config: {}, env: { PATH: process.env["PATH"] }, localPorts: NO_SERVERS });
  await agent.prepareWorkspace();
  writeFileSync(join(fixture.workspace, "list.txt"), "milk and bread");
  const result = await agent.run("read list.txt").result;
  expect(result.status).toBe("ok");
  expect(result.payloads.map((payload) => payload.text).join("\n")).toContain("milk and bread");
});

test("a key in the environment picks its provider's default model", async () => {
  await using fixture = await createAgentFixture();
  const resolve = (env: Record<string, string>) =>
    fixture.agent({ config: {}, env, localPorts: NO_SERVERS }).resolveModel();
  expect(await resolve({ GROQ_API_KEY: "x" })).toMatchObject({ provider: "groq", source: "env" });
  expect(await resolve({ GROQ_API_KEY: "x", ANTHROPIC_API_KEY: "y" })).toMatchObject({
    provider: "anthropic",
    model: "claude-opus-4-6",
  });
  expect(await resolve({ Z_AI_API_KEY: "x" })).toMatchObject({ provider: "zai", model: "glm-4.7" });
  expect(await resolve({ GOOGLE_API_KEY: "x" })).toMatchObject({ provider: "google" });
  expect(JSON.stringify(await resolve({ OPENAI_API_KEY: "canary-key" }))).not.toContain("canary-key");
});

test("auth-profiles.json is read: order decides, expired and cooling credentials wait", async () => {
  await using fixture = await createAgentFixture();
  const dir = join(fixture.stateDir, "agents", "main", "agent");
  mkdirSync(dir, { recursive: true });
  const profiles = {
    "scripted:old": { type: "token", provider: "scripted", token: "expired-token", expires: 1000 },
    "scripted:tired": { type: "api_key", provider: "scripted", key: "cooling-key" },
    "scripted:good": { type: "api_key", provider: "scripted", key: "good-key" },
  };
  const usageStats = { "scripted:tired": { cooldownUntil: 5e12 } };
  writeFileSync(join(dir, "auth-profiles.json"), JSON.stringify({ version: 1, profiles, usageStats }));
  await fixture.agent().run("hi").result;
  expect(fixture.llm.calls()[0]?.headers["authorization"]).toBe("Bearer good-key");
});

test("a local server that lists models is used without a key, and found without a restart", async () => {
  await using fixture = await createAgentFixture({ models: ["nomic-embed-text", "tinychat", "qwen3:8b"] });
  const clock = createFakeClock();
  const port = { value: 1 };
  const agent = fixture.agent({
    config: {},
    env: {},
    clock,
    localPorts: {
      ...NO_SERVERS,
      get ollama() {
        return port.value;
      },
    },
  });
  expect((await agent.resolveModel()).source).toBe("offline");
  port.value = fixture.llm.port;
  const resolution = await agent.resolveModel();
  expect(resolution).toMatchObject({ provider: "ollama", model: "qwen3:8b", kind: "llm", source: "local-server" });
  fixture.llm.enqueue(say("from the local model"));
  clock.jump(60_000);
  expect((await agent.run("hi").result).payloads).toEqual([{ text: "from the local model" }]);
  expect(fixture.llm.calls()[0]?.headers["authorization"]).toBeUndefined();
  for (const probe of fixture.llm.probes()) expect(Object.keys(probe.headers)).not.toContain("authorization");
});

test("a stranger on a generic port is not taken for a model server", async () => {
  await using fixture = await createAgentFixture();
  const ports = [
    await serve("<html>hello</html>"),
    await serve('{"data": [{"name": "no id"}]}'),
    await serve('{"data": [{"id": "m"}, {"name": "no id"}]}'),
    await serve('{"data": "models"}'),
    await serve('{"data": [{"id": "m"}]}', 401),
  ];
  for (const vllm of ports) {
    const agent = fixture.agent({ config: {}, env: {}, localPorts: { ...NO_SERVERS, vllm } });
    expect((await agent.resolveModel()).source).toBe("offline");
  }
});

test("OPENCLAW_SKIP_LOCAL_MODELS=1 asks nobody, OLLAMA_HOST moves Ollama", async () => {
  await using fixture = await createAgentFixture();
  const { ollama: _default, ...others } = NO_SERVERS;
  const env = { OLLAMA_HOST: `0.0.0.0:${fixture.llm.port}` };
  expect(await fixture.agent({ config: {}, env, localPorts: others }).resolveModel()).toMatchObject({
    provider: "ollama",
  });
  const asked = fixture.llm.probes().length;
  const skipped = fixture.agent({ config: {}, env: { ...env, OPENCLAW_SKIP_LOCAL_MODELS: "1" }, localPorts: others });
  expect((await skipped.resolveModel()).source).toBe("offline");
  expect(fixture.llm.probes()).toHaveLength(asked);
});

test("an allowlist refuses other models and says which ones there are", async () => {
  await using fixture = await createAgentFixture();
  const config = {
    agents: {
      defaults: {
        model: "scripted/one",
        models: { "scripted/one": {}, "z.ai/glm-4.7": { alias: "GLM" } },
        skipBootstrap: true,
      },
    },
    models: {
      providers: { scripted: { baseUrl: fixture.llm.baseUrl["openai-completions"], api: "openai-completions" } },
    },
  };
  const agent = fixture.agent({ config });
  const result = await agent.run({ message: { text: "hi" }, model: "openai/gpt-5.2" }).result;
  expect(result).toMatchObject({ status: "error", error: { code: "MODEL_NOT_ALLOWED" } });
  expect(result.payloads[0]?.text).toContain("zai/glm-4.7");
  expect(await agent.resolveModel("glm")).toMatchObject({ provider: "zai", model: "glm-4.7", source: "session" });
});

test("models.json keeps the user's other providers, or is replaced, with mode 600", async () => {
  await using fixture = await createAgentFixture();
  const file = join(fixture.stateDir, "agents", "main", "agent", "models.json");
  mkdirSync(join(file, ".."), { recursive: true });
  const mine = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    api: "openai-completions",
    apiKey: "k",
    models: [{ id: "x" }],
  };
  writeFileSync(file, JSON.stringify({ providers: { mine, scripted: { baseUrl: "http://old" } } }));
  const read = () =>
    (JSON.parse(readFileSync(file, "utf8")) as { providers: Record<string, { baseUrl: string }> }).providers;

  const agent = fixture.agent();
  await agent.run("hi").result;
  expect(Object.keys(read())).toEqual(["mine", "scripted"]);
  expect(read()["scripted"]?.baseUrl).toBe(fixture.llm.baseUrl["openai-completions"]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await agent.run({ message: { text: "via file" }, model: "mine/x" }).result).payloads).toEqual([
    { text: "via file" },
  ]);

  const provider = { baseUrl: fixture.llm.url, api: "anthropic-messages", apiKey: "k", models: [{ id: "one" }] };
  await fixture.agent({ config: { models: { mode: "replace", providers: { only: provider } } } }).run("hi").result;
  expect(Object.keys(read())).toEqual(["only"]);
});

test("an unknown provider and a window that is too small are refused in words", async () => {
  await using fixture = await createAgentFixture();
  const unknown = await fixture.agent({ config: { agents: { defaults: { model: "nowhere/x" } } } }).run("hi").result;
  expect(unknown.error?.code).toBe("MODEL_UNKNOWN");
  const small = {
    baseUrl: "http://127.0.0.1:1",
    api: "openai-completions",
    models: [{ id: "s", contextWindow: 4096 }],
  };
  const result = await fixture.agent({ config: { models: { providers: { small } } } }).run("hi").result;
  expect(result.error).toMatchObject({ code: "MODEL_CONTEXT_TOO_SMALL" });
});

test("headers, authHeader, params and a variable as key reach the request", async () => {
  await using fixture = await createAgentFixture();
  const provider = {
    baseUrl: fixture.llm.url,
    api: "anthropic-messages",
    apiKey: "PROXY_KEY",
    authHeader: true,
    headers: { "x-team": "red" },
    models: [{ id: "one" }],
  };
  const config = {
    agents: {
      defaults: {
        model: "proxy/one",
        models: { "proxy/one": { params: { temperature: 0.5, maxTokens: 77 } } },
        skipBootstrap: true,
      },
    },
    models: { providers: { proxy: provider } },
  };
  await fixture.agent({ config, env: { PROXY_KEY: "real", OPENCLAW_SKIP_LOCAL_MODELS: "1" } }).run("hi").result;
  const call = fixture.llm.calls()[0];
  expect(call?.headers).toMatchObject({ authorization: "Bearer real", "x-team": "red" });
  expect(call?.body).toMatchObject({ temperature: 0.5, max_tokens: 77 });
});

test("the model list names configured models first and calls the rules by their kind", async () => {
  await using fixture = await createAgentFixture();
  const models = await fixture.agent({ localPorts: NO_SERVERS }).models();
  expect(models.slice(0, 2)).toMatchObject([
    { provider: "scripted", id: "one" },
    { provider: "scripted", id: "two" },
  ]);
  expect(models.at(-1)).toMatchObject({ provider: "offline", id: "rules", kind: "rules" });
});

test("a second local server on the list is used when the first has none", async () => {
  await using fixture = await createAgentFixture();
  const empty = await startScriptedLlm({ models: [] });
  const agent = fixture.agent({
    config: {},
    env: {},
    localPorts: { ...NO_SERVERS, ollama: empty.port, lmstudio: fixture.llm.port },
  });
  expect(await agent.resolveModel()).toMatchObject({ provider: "lmstudio", model: "scripted" });
  await empty.close();
});

test("a server of one's own needs no key, and a hosted provider's key is not sent to it", async () => {
  await using fixture = await createAgentFixture();
  const mine = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    api: "openai-completions",
    models: [{ id: "one" }],
  };
  const env = { OPENAI_API_KEY: "canary-key", OPENCLAW_SKIP_LOCAL_MODELS: "1" };
  const config = {
    agents: { defaults: { model: "openai/one", skipBootstrap: true } },
    models: { providers: { openai: mine } },
  };
  expect((await fixture.agent({ config, env }).run("hi").result).status).toBe("ok");
  expect(JSON.stringify(fixture.llm.calls()[0]?.headers)).not.toContain("canary-key");
  fixture.llm.enqueue(fail(401));
  const refused = await fixture.agent({ config, env }).run("hi").result;
  expect(refused.payloads[0]?.text).toMatch(/No API key found for provider "openai"/);
});
