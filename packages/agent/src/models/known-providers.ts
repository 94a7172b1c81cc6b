import type { Api, Model } from "@earendil-works/pi-ai";
import type { ConfiguredModel } from "../settings.ts";

type Catalog = Readonly<Record<string, Model<Api>>>;

/** A hosted provider that works with nothing but a key. */
export interface KnownProvider {
  id: string;
  label: string;
  /** Variables that may hold its key, the first that is set wins. */
  env: readonly string[];
  baseUrl: string;
  api: string;
  /** Used when only the key is there and no model is configured. */
  defaultModel: string;
  /** Prices, windows and quirks that pi ships. Loaded when a model of this provider is used. */
  catalog?: () => Promise<Catalog>;
  /** Models that pi does not list. */
  models?: readonly ConfiguredModel[];
  headers?: Readonly<Record<string, string>>;
  /** Names the credentials of the surroundings that its SDK finds by itself. */
  ambient?: (env: Readonly<Record<string, string | undefined>>) => string | undefined;
  /** Sign-in is the only way in; for messages about a missing key. */
  signIn?: true;
}

/** In the order in which keys found in the environment are preferred. */
export const KNOWN_PROVIDERS: readonly KnownProvider[] = [
  {
    id: "anthropic",
    label: "Anthropic",
    // pi takes `claude setup-token`'s kind of token by its prefix.
    env: ["ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_API_KEY"],
    baseUrl: "https://api.anthropic.com",
    api: "anthropic-messages",
    defaultModel: "claude-opus-4-6",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/anthropic.models")).ANTHROPIC_MODELS,
  },
  {
    id: "openai",
    label: "OpenAI",
    env: ["OPENAI_API_KEY"],
    baseUrl: "https://api.openai.com/v1",
    api: "openai-responses",
    defaultModel: "gpt-5.2",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/openai.models")).OPENAI_MODELS,
  },
  {
    id: "google",
    label: "Google Gemini",
    env: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    api: "google-generative-ai",
    defaultModel: "gemini-3-flash-preview",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/google.models")).GOOGLE_MODELS,
  },
  {
    id: "openrouter",
    label: "OpenRouter",
    env: ["OPENROUTER_API_KEY"],
    baseUrl: "https://openrouter.ai/api/v1",
    api: "openai-completions",
    defaultModel: "openrouter/auto",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/openrouter.models")).OPENROUTER_MODELS,
  },
  {
    id: "groq",
    label: "Groq",
    env: ["GROQ_API_KEY"],
    baseUrl: "https://api.groq.com/openai/v1",
    api: "openai-completions",
    defaultModel: "openai/gpt-oss-120b",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/groq.models")).GROQ_MODELS,
  },
  {
    id: "zai",
    label: "Z.AI",
    env: ["ZAI_API_KEY", "Z_AI_API_KEY"],
    baseUrl: "https://api.z.ai/api/coding/paas/v4",
    api: "openai-completions",
    defaultModel: "glm-4.7",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/zai.models")).ZAI_MODELS,
  },
  {
    id: "cerebras",
    label: "Cerebras",
    env: ["CEREBRAS_API_KEY"],
    baseUrl: "https://api.cerebras.ai/v1",
    api: "openai-completions",
    defaultModel: "gpt-oss-120b",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/cerebras.models")).CEREBRAS_MODELS,
    models: [
      { id: "zai-glm-4.7", name: "GLM 4.7 (Cerebras)", contextWindow: 131_072 },
      { id: "zai-glm-4.6", name: "GLM 4.6 (Cerebras)", contextWindow: 131_072 },
    ],
  },
  {
    id: "mistral",
    label: "Mistral",
    env: ["MISTRAL_API_KEY"],
    baseUrl: "https://api.mistral.ai",
    api: "mistral-conversations",
    defaultModel: "mistral-large-latest",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/mistral.models")).MISTRAL_MODELS,
  },
  {
    id: "xai",
    label: "xAI",
    env: ["XAI_API_KEY"],
    baseUrl: "https://api.x.ai/v1",
    api: "openai-responses",
    defaultModel: "grok-4.5",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/xai.models")).XAI_MODELS,
  },
  {
    id: "moonshot",
    label: "Moonshot AI",
    env: ["MOONSHOT_API_KEY"],
    baseUrl: "https://api.moonshot.ai/v1",
    api: "openai-completions",
    defaultModel: "kimi-k2.5",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/moonshotai.models")).MOONSHOTAI_MODELS,
    models: [{ id: "kimi-k2.5", name: "Kimi K2.5", contextWindow: 256_000, maxTokens: 8192 }],
  },
  {
    id: "kimi-code",
    label: "Kimi Code",
    env: ["KIMICODE_API_KEY", "KIMI_API_KEY"],
    baseUrl: "https://api.kimi.com/coding/v1",
    api: "openai-completions",
    defaultModel: "kimi-for-coding",
    headers: { "User-Agent": "KimiCLI/0.77" },
    models: [
      {
        id: "kimi-for-coding",
        name: "Kimi For Coding",
        reasoning: true,
        contextWindow: 262_144,
        maxTokens: 32_768,
        compat: { supportsDeveloperRole: false },
      },
    ],
  },
  {
    id: "minimax",
    label: "MiniMax",
    env: ["MINIMAX_API_KEY"],
    baseUrl: "https://api.minimax.io/anthropic",
    api: "anthropic-messages",
    defaultModel: "MiniMax-M2.1",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/minimax.models")).MINIMAX_MODELS,
    models: [
      {
        id: "MiniMax-M2.1",
        name: "MiniMax M2.1",
        contextWindow: 200_000,
        maxTokens: 8192,
        // As documented for this model; a newer price belongs into models.providers.minimax.
        cost: { input: 15, output: 60, cacheRead: 2, cacheWrite: 10 },
      },
    ],
  },
  {
    id: "synthetic",
    label: "Synthetic",
    env: ["SYNTHETIC_API_KEY"],
    // The Anthropic client adds /v1 itself.
    baseUrl: "https://api.synthetic.new/anthropic",
    api: "anthropic-messages",
    defaultModel: "hf:MiniMaxAI/MiniMax-M2.1",
    models: [{ id: "hf:MiniMaxAI/MiniMax-M2.1", name: "MiniMax M2.1", contextWindow: 192_000, maxTokens: 65_536 }],
  },
  {
    id: "opencode",
    label: "OpenCode Zen",
    env: ["OPENCODE_API_KEY", "OPENCODE_ZEN_API_KEY"],
    baseUrl: "https://opencode.ai/zen/v1",
    api: "openai-completions",
    defaultModel: "claude-opus-4-5",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/opencode.models")).OPENCODE_MODELS,
  },
  {
    id: "deepseek",
    label: "DeepSeek",
    env: ["DEEPSEEK_API_KEY"],
    baseUrl: "https://api.deepseek.com",
    api: "openai-completions",
    defaultModel: "deepseek-flash",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/deepseek.models")).DEEPSEEK_MODELS,
  },
  {
    id: "openai-codex",
    label: "OpenAI Codex (ChatGPT)",
    env: [],
    signIn: true,
    baseUrl: "https://chatgpt.com/backend-api",
    api: "openai-codex-responses",
    defaultModel: "gpt-5.5",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/openai-codex.models")).OPENAI_CODEX_MODELS,
  },
  {
    id: "github-copilot",
    label: "GitHub Copilot",
    env: ["COPILOT_GITHUB_TOKEN"],
    signIn: true,
    baseUrl: "https://api.individual.githubcopilot.com",
    api: "openai-completions",
    defaultModel: "gpt-5.2",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/github-copilot.models")).GITHUB_COPILOT_MODELS,
  },
  {
    id: "amazon-bedrock",
    label: "Amazon Bedrock",
    // AWS keys alone choose nothing: people have them for other things.
    env: ["AWS_BEARER_TOKEN_BEDROCK"],
    baseUrl: "https://bedrock-runtime.us-east-1.amazonaws.com",
    api: "bedrock-converse-stream",
    defaultModel: "anthropic.claude-opus-4-6-v1",
    catalog: async () => (await import("@earendil-works/pi-ai/providers/amazon-bedrock.models")).AMAZON_BEDROCK_MODELS,
    ambient: (env) =>
      AWS_SOURCES.find((name) => env[name]?.trim()) ??
      (env["AWS_ACCESS_KEY_ID"] && env["AWS_SECRET_ACCESS_KEY"] ? "AWS_ACCESS_KEY_ID" : undefined),
  },
];

/** Where the AWS SDK looks, besides access keys. */
const AWS_SOURCES = [
  "AWS_PROFILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
] as const;

export function knownProvider(id: string): KnownProvider | undefined {
  return KNOWN_PROVIDERS.find((provider) => provider.id === id);
}

/** The variable that holds a key for the provider now, and the key. */
export function envKey(
  provider: KnownProvider,
  env: Readonly<Record<string, string | undefined>>,
): { variable: string; key: string } | undefined {
  for (const variable of provider.env) {
    const key = env[variable]?.trim();
    if (key) return { variable, key };
  }
  return undefined;
}
