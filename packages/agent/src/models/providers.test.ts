import { execFile } from "node:child_process";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { silentLog, systemClock } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { say, type WireName } from "@openclaw/testkit/llm";
import { afterEach, expect, test } from "vitest";
import { createAgentFixture, type AgentFixture } from "../../test/agent-fixture.ts";
import { readSettings } from "../settings.ts";
import { createModels } from "./models.ts";
import { parseModelReference } from "./reference.ts";
import { chooseThinking, THINKING_LEVELS } from "./thinking.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** What a model amounts to with nothing but a key in the environment. */
async function describeRef(text: string, config: OpenClawConfig = {}) {
  const stateDir = "/nonexistent";
  const settings = readSettings({ agentId: "main", config, stateDir, env: {} });
  const models = createModels({ settings, stateDir, agentId: "main", env: {}, clock: systemClock, log: silentLog });
  return models.describe(parseModelReference(text, settings.models));
}

/** Every provider of the configuration reference, as it is named there. */
const PROVIDERS: [ref: string, api: string, baseUrl: string][] = [
  ["anthropic/claude-opus-4-5", "anthropic-messages", "https://api.anthropic.com"],
  ["openai/gpt-5.2", "openai-responses", "https://api.openai.com/v1"],
  ["openai-codex/gpt-5.5", "openai-codex-responses", "https://chatgpt.com/backend-api"],
  ["google/gemini-3-flash-preview", "google-generative-ai", "https://generativelanguage.googleapis.com/v1beta"],
  [
    "bedrock/anthropic.claude-opus-4-6-v1",
    "bedrock-converse-stream",
    "https://bedrock-runtime.us-east-1.amazonaws.com",
  ],
  ["openrouter/deepseek/deepseek-r1:free", "openai-completions", "https://openrouter.ai/api/v1"],
  ["z.ai/glm-4.7", "openai-completions", "https://api.z.ai/api/coding/paas/v4"],
  ["z-ai/glm-4.7", "openai-completions", "https://api.z.ai/api/coding/paas/v4"],
  ["opencode/claude-opus-4-5", "anthropic-messages", "https://opencode.ai/zen"],
  ["moonshot/kimi-k2.5", "openai-completions", "https://api.moonshot.ai/v1"],
  ["kimi-code/kimi-for-coding", "openai-completions", "https://api.kimi.com/coding/v1"],
  ["synthetic/hf:MiniMaxAI/MiniMax-M2.1", "anthropic-messages", "https://api.synthetic.new/anthropic"],
  ["minimax/MiniMax-M2.1", "anthropic-messages", "https://api.minimax.io/anthropic"],
  ["cerebras/zai-glm-4.7", "openai-completions", "https://api.cerebras.ai/v1"],
  ["ollama/qwen3:8b", "openai-completions", "http://127.0.0.1:11434/v1"],
  ["lmstudio/minimax-m2.1", "openai-completions", "http://127.0.0.1:1234/v1"],
  ["litellm/anything", "openai-completions", "http://127.0.0.1:4000/v1"],
];

test.each(PROVIDERS)("%s is known without configuration", async (ref, api, baseUrl) => {
  expect(await describeRef(ref)).toMatchObject({ api, baseUrl });
});

test("facts that the reference gives for a model are there, and configuration wins over them", async () => {
  expect(await describeRef("kimi-code/kimi-for-coding")).toMatchObject({
    reasoning: true,
    contextWindow: 262_144,
    maxTokens: 32_768,
    headers: { "User-Agent": "KimiCLI/0.77" },
    compat: { supportsDeveloperRole: false },
  });
  expect(await describeRef("minimax/MiniMax-M2.1")).toMatchObject({ cost: { input: 15, output: 60 } });
  const providers = { zai: { baseUrl: "https://api.z.ai/api/paas/v4", models: [{ id: "glm-4.7", maxTokens: 99 }] } };
  expect(await describeRef("z.ai/glm-4.7", { models: { providers } })).toMatchObject({
    baseUrl: "https://api.z.ai/api/paas/v4",
    maxTokens: 99,
    reasoning: true,
    compat: { thinkingFormat: "zai" },
  });
});

/** The body of one request to `zai/glm-4.7`, the provider's address moved to the scripted server. */
async function glmBody(fixture: AgentFixture, defaults: Record<string, unknown>, thinking?: "off" | "high") {
  const config = {
    agents: { defaults: { model: "zai/glm-4.7", skipBootstrap: true, ...defaults } },
    models: { providers: { zai: { baseUrl: fixture.llm.baseUrl["openai-completions"], apiKey: "k" } } },
  };
  const message = { text: "hi" };
  const result = await fixture.agent({ config }).run({ message, ...(thinking ? { thinking } : {}) }).result;
  expect(result.status).toBe("ok");
  return fixture.llm.calls().at(-1)?.body;
}

test("GLM thinks unless it is told not to, or its parameters say otherwise", async () => {
  await using fixture = await createAgentFixture();
  expect(await glmBody(fixture, {})).toMatchObject({ thinking: { type: "enabled" } });
  expect(await glmBody(fixture, {}, "off")).toMatchObject({ thinking: { type: "disabled" } });
  const params = { thinking: { type: "enabled", clear_thinking: true } };
  expect(await glmBody(fixture, { models: { "zai/glm-4.7": { params } } })).toMatchObject(params);
});

test.each<[WireName, (body: Readonly<Record<string, unknown>>) => unknown]>([
  ["openai-completions", (body) => body],
  ["openai-responses", (body) => body],
  ["anthropic-messages", (body) => body],
  // The adapter takes `config` apart and sends its parts; the server sees generationConfig.
  ["google-generative-ai", (body) => body["generationConfig"]],
])("%s: parameters of a model reach the request as they are", async (api, placeOf) => {
  await using fixture = await createAgentFixture();
  const provider = { baseUrl: fixture.llm.baseUrl[api], api, apiKey: "k", models: [{ id: "one" }] };
  const params = { temperature: 0.5, ...(api === "google-generative-ai" ? { topK: 7 } : { top_k: 7 }) };
  const config = {
    agents: { defaults: { model: "p/one", models: { "p/one": { params } }, skipBootstrap: true } },
    models: { providers: { p: provider } },
  };
  expect((await fixture.agent({ config }).run("hi").result).status).toBe("ok");
  expect(placeOf(fixture.llm.calls()[0]!.body)).toMatchObject(params);
});

test("thinking levels go to the nearest one the model has; xhigh only where it is listed", async () => {
  const levels = async (ref: string) => {
    const model = await describeRef(ref);
    return THINKING_LEVELS.map((level) => chooseThinking(model, level)).join(" ");
  };
  expect(await levels("openai/gpt-5.2")).toBe("off low low medium high xhigh");
  expect(await levels("openai/gpt-5")).toBe("off minimal low medium high high");
  expect(await levels("zai/glm-4.7")).toBe("off minimal low medium high high");
  expect(await levels("ollama/qwen3:8b")).toBe("off off off off off off");
  expect(chooseThinking(await describeRef("zai/glm-4.7"), undefined)).toBe("low");
});

test("the image model takes over only when the primary sees nothing, and has fallbacks of its own", async () => {
  await using fixture = await createAgentFixture({ script: (call) => say(call.model) });
  const ask = async (primaryInput: string[], image: boolean) => {
    const model = (id: string, input: string[]) => ({ id, input });
    const models = [model("main", primaryInput), model("eyes", ["text", "image"])];
    const provider = {
      baseUrl: fixture.llm.baseUrl["openai-completions"],
      api: "openai-completions",
      apiKey: "k",
      models,
    };
    const config = {
      agents: {
        defaults: {
          model: "p/main",
          imageModel: { primary: "nowhere/blind", fallbacks: ["p/eyes"] },
          skipBootstrap: true,
        },
      },
      models: { providers: { p: provider } },
    };
    const images = image ? [{ data: "aGk=", mimeType: "image/png" }] : [];
    return (await fixture.agent({ config }).run({ message: { text: "what?", images } }).result).payloads[0]?.text;
  };
  expect(await ask(["text"], true)).toBe("eyes");
  expect(await ask(["text"], false)).toBe("main");
  expect(await ask(["text", "image"], true)).toBe("main");
});

test("an agent of its own may switch the fallbacks off", async () => {
  const config: OpenClawConfig = {
    agents: {
      defaults: { model: { primary: "a/b", fallbacks: ["c/d"] } },
      list: [{ id: "main" }, { id: "strict", model: { fallbacks: [] } }, { id: "other", model: "e/f" }],
    },
  };
  const of = (agentId: string) => {
    const { primary, fallbacks } = readSettings({ agentId, config, stateDir: "/x", env: {} });
    return [primary, fallbacks];
  };
  expect(of("main")).toEqual(["a/b", ["c/d"]]);
  expect(of("strict")).toEqual(["a/b", []]);
  expect(of("other")).toEqual(["e/f", ["c/d"]]);
});

async function record(
  status: number,
  body: string,
  more: Record<string, string> = {},
): Promise<{ url: string; seen: { path: string; headers: IncomingHttpHeaders }[] }> {
  const seen: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? "", headers: request.headers });
    request
      .resume()
      .on("end", () => response.writeHead(status, { "content-type": "application/json", ...more }).end(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test("Bedrock signs with what the environment has, and its refusals are understood", async () => {
  await using fixture = await createAgentFixture();
  const { url, seen } = await record(429, '{"message":"Too many requests, please wait."}', { "retry-after": "77" });
  const config = {
    agents: { defaults: { model: "bedrock/anthropic.claude-opus-4-6-v1", skipBootstrap: true } },
    models: { providers: { "amazon-bedrock": { baseUrl: url } } },
  };
  const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "canary-secret", AWS_REGION: "eu-west-1" };
  const env = { ...keys, AWS_BEDROCK_FORCE_HTTP1: "1", OPENCLAW_SKIP_LOCAL_MODELS: "1" };
  // A process of its own: the test runner does not resolve the AWS SDK as Node does.
  const script = `
    import { createAgent } from "@openclaw/agent";
    const agent = createAgent(JSON.parse(process.argv[1]));
    console.log(JSON.stringify(await agent.run("hi").result));
    await agent.close();`;
  const flags = ["--no-warnings", "--conditions=@openclaw/source", "--input-type=module", "-e", script];
  const input = JSON.stringify({ stateDir: fixture.stateDir, config, env });
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, input], { cwd: import.meta.dirname });
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "MODEL_RATE_LIMIT" } });
  expect(stdout).toContain("Try again in 77 s");
  expect(stdout).not.toContain("canary-secret");
  expect(seen).toHaveLength(1);
  expect(seen[0]?.path).toBe("/model/anthropic.claude-opus-4-6-v1/converse-stream");
  expect(seen[0]?.headers["authorization"]).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d+\/eu-west-1\/bedrock/,
  );
}, 20_000);

test("a Codex sign-in is sent as its wire wants it", async () => {
  await using fixture = await createAgentFixture();
  const { url, seen } = await record(429, '{"error":{"code":"usage_limit_reached","message":"limit"}}');
  const claims = Buffer.from(JSON.stringify({ "https://api.openai.com/auth": { chatgpt_account_id: "acc-1" } }));
  const access = `h.${claims.toString("base64")}.s`;
  const dir = join(fixture.stateDir, "agents", "main", "agent");
  mkdirSync(dir, { recursive: true });
  const login = { type: "oauth", provider: "openai-codex", access, refresh: "r", expires: Date.now() + 3_600_000 };
  writeFileSync(
    join(dir, "auth-profiles.json"),
    JSON.stringify({ version: 1, profiles: { "openai-codex:me": login } }),
  );
  const config = {
    agents: { defaults: { model: "openai-codex/gpt-5.5", skipBootstrap: true } },
    models: { providers: { "openai-codex": { baseUrl: url } } },
  };
  const agent = fixture.agent({ config });
  const result = await agent.run("hi").result;
  expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${access}`, "chatgpt-account-id": "acc-1" });
  expect(result.error?.code).toBe("MODEL_RATE_LIMIT");
  await agent.close();
  expect(JSON.parse(readFileSync(join(dir, "auth-profiles.json"), "utf8"))).toMatchObject({
    usageStats: { "openai-codex:me": { errorCount: 1, cooldownReason: "rate_limit" } },
  });
}, 20_000);

test("a program steps in when the APIs fail, and goes on with its session", async () => {
  await using fixture = await createAgentFixture({ script: () => ({ kind: "error", status: 500 }) });
  const command = join(fixture.stateDir, "claude");
  writeFileSync(
    command,
    `#!${process.execPath}
const args = process.argv.slice(2);
console.log(JSON.stringify({ result: "from the program " + args.includes("--resume"), session_id: "s-1" }));
`,
    { mode: 0o755 },
  );
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    api: "openai-completions",
    apiKey: "k",
    models: [{ id: "one" }],
  };
  const config = {
    agents: {
      defaults: {
        model: { primary: "p/one", fallbacks: ["claude-cli/claude-opus-4-5"] },
        cliBackends: { "claude-cli": { command } },
        skipBootstrap: true,
      },
    },
    models: { providers: { p: provider } },
  };
  const agent = fixture.agent({ config });
  const first = await agent.run("hi").result;
  expect(first).toMatchObject({
    status: "ok",
    provider: "claude-cli",
    model: "claude-opus-4-5",
    payloads: [{ text: "from the program false" }],
  });
  expect((await agent.run("and again").result).payloads).toEqual([{ text: "from the program true" }]);
});
