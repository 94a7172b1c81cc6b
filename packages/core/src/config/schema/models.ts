import { Type } from "typebox";
import { anything, choice, flag, int, list, map, needed, num, section, secret, strings, text } from "./dsl.ts";

const cost = section("Price in US dollars for a million tokens.", {
  input: num("Prompt.", { minimum: 0 }),
  output: num("Answer.", { minimum: 0 }),
  cacheRead: num("Cached prompt read.", { minimum: 0 }),
  cacheWrite: num("Cached prompt written.", { minimum: 0 }),
});

const compat = section(
  "Deviations of an OpenAI-compatible server.",
  {
    supportsStore: flag("Knows the store field."),
    supportsDeveloperRole: flag("Knows the developer role."),
    supportsReasoningEffort: flag("Knows reasoning_effort."),
    supportsUsageInStreaming: flag("Reports usage while streaming."),
    supportsStrictMode: flag("Knows strict tool schemas."),
    maxTokensField: choice(["max_completion_tokens", "max_tokens"], "Name of the output limit."),
    requiresToolResultName: flag("Wants the tool's name in results."),
    requiresAssistantAfterToolResult: flag("Wants an assistant message after tool results."),
    requiresThinkingAsText: flag("Takes earlier thinking as plain text."),
    requiresMistralToolIds: flag("Wants nine-character tool ids."),
    thinkingFormat: choice(["openai", "zai", "qwen"], "How thinking is switched on."),
  },
  { advanced: true },
);

const headers = (description: string) => map(description, Type.String(), { key: "Header-Name", advanced: true });

const apis = [
  "openai-completions",
  "openai-responses",
  "openai-codex-responses",
  "anthropic-messages",
  "google-generative-ai",
  "github-copilot",
  "bedrock-converse-stream",
] as const;

const model = section("One model.", {
  id: needed(text("Id as the provider knows it.", { minLength: 1 })),
  name: text("Name for people. Default: the id."),
  api: choice(apis, "Wire protocol, when it differs from the provider's."),
  reasoning: flag("The model can think before it answers.", { default: false }),
  input: list("What the model takes.", choice(["text", "image"], "Kind of input."), { default: ["text"] }),
  cost,
  contextWindow: int("Tokens of prompt and answer together. Default 200000; below 16000 runs are refused.", {
    default: 200_000,
    minimum: 1,
    unit: "tokens",
  }),
  maxTokens: int("Longest answer. Default: the smaller of 8192 and the context window.", {
    minimum: 1,
    unit: "tokens",
  }),
  headers: headers("Headers for this model only."),
  compat,
});

const provider = section("One provider.", {
  enabled: flag("False leaves the provider and its models out.", { default: true }),
  baseUrl: text("Address of the API.", { placeholder: "http://localhost:4000/v1" }),
  apiKey: secret("API key, ${VARIABLE}, or the name of an environment variable."),
  auth: choice(["api-key", "aws-sdk", "oauth", "token"], "How requests are authenticated."),
  api: choice(apis, "Wire protocol."),
  headers: headers("Headers sent with every request."),
  authHeader: flag("Send the key as Authorization: Bearer.", { advanced: true }),
  models: list("Models the provider offers.", model),
});

export const models = section("Model providers beyond the built-in catalogue.", {
  mode: choice(["merge", "replace"], "Merge into models.json, or replace it.", { default: "merge" }),
  providers: map("Providers by id.", provider, { key: "provider" }),
  bedrockDiscovery: section(
    "Find Amazon Bedrock models by asking the account.",
    {
      enabled: flag("Ask at start.", { default: false }),
      region: text("AWS region."),
      providerFilter: strings("Only models of these makers."),
      refreshInterval: int("Time between asks; 0 asks once.", { default: 3600, minimum: 0, unit: "s" }),
      defaultContextWindow: int("Assumed context window.", { default: 32_000, minimum: 1, unit: "tokens" }),
      defaultMaxTokens: int("Assumed longest answer.", { default: 4096, minimum: 1, unit: "tokens" }),
    },
    { advanced: true },
  ),
});

/** Parameters handed to a model's API as they are. */
export const modelParams = (description: string) =>
  Type.Unsafe<{ temperature?: number; maxTokens?: number; [key: string]: unknown }>({
    type: "object",
    description,
    properties: {
      temperature: num("Sampling temperature.", { minimum: 0, maximum: 2 }),
      maxTokens: int("Longest answer.", { minimum: 1, unit: "tokens" }),
    },
    additionalProperties: anything("Handed on."),
  });
