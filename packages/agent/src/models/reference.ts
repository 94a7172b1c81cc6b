import { OpenClawError } from "@openclaw/core";

/** A model by name. The id may itself contain `/`. */
export interface ModelRef {
  provider: string;
  model: string;
}

const PROVIDER_ALIASES: Readonly<Record<string, string>> = {
  "z.ai": "zai",
  "z-ai": "zai",
  gemini: "google",
  "opencode-zen": "opencode",
  moonshotai: "moonshot",
  "lm-studio": "lmstudio",
  "llama.cpp": "llamacpp",
  bedrock: "amazon-bedrock",
  "aws-bedrock": "amazon-bedrock",
  codex: "openai-codex",
  copilot: "github-copilot",
  "kimi-coding": "kimi-code",
};

/** Short names that mean the newest configured model of a family. They name nothing unless such a model is configured. */
const FAMILY_ALIASES: Readonly<Record<string, RegExp>> = {
  opus: /^anthropic\/claude-opus-/,
  sonnet: /^anthropic\/claude-sonnet-/,
  gpt: /^openai\/gpt-\d+(\.\d+)?$/,
  "gpt-mini": /^openai\/gpt-\d+(\.\d+)?-mini$/,
  gemini: /^google\/gemini-[\d.]+-pro(-preview)?$/,
  "gemini-flash": /^google\/gemini-[\d.]+-flash(-preview)?$/,
};

/** Provider of a reference without `/` that is no alias. Documented as deprecated; kept for old configurations. */
const DEFAULT_PROVIDER = "anthropic";

export function normalizeProvider(provider: string): string {
  const lower = provider.trim().toLowerCase();
  return PROVIDER_ALIASES[lower] ?? lower;
}

export function formatRef(ref: ModelRef): string {
  return `${ref.provider}/${ref.model}`;
}

/**
 * Reads `provider/model`, an alias of `configured` (the keys of `agents.defaults.models` with their aliases), or a
 * built-in alias whose model is configured. A user's alias wins over a built-in one of the same name. Throws
 * `MODEL_REFERENCE_INVALID` for an empty reference or one with an empty half.
 */
export function parseModelReference(text: string, configured: Readonly<Record<string, { alias?: string }>>): ModelRef {
  const trimmed = text.trim();
  const lower = trimmed.toLowerCase();
  for (const [ref, entry] of Object.entries(configured)) {
    if (entry.alias?.trim().toLowerCase() === lower) return splitReference(ref);
  }
  if (trimmed.includes("/")) return splitReference(trimmed);
  const family = FAMILY_ALIASES[lower];
  if (family) {
    const newest = Object.keys(configured)
      .map((ref) => formatRef(splitReference(ref)))
      .filter((ref) => family.test(ref))
      .toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))[0];
    if (newest) return splitReference(newest);
  }
  return splitReference(`${DEFAULT_PROVIDER}/${trimmed}`);
}

function splitReference(text: string): ModelRef {
  const slash = text.indexOf("/");
  const provider = normalizeProvider(text.slice(0, slash));
  const model = text.slice(slash + 1).trim();
  if (slash < 1 || provider === "" || model === "") {
    throw new OpenClawError({
      code: "MODEL_REFERENCE_INVALID",
      message: `"${text}" is not a model reference.`,
      hint: "Write provider/model, e.g. anthropic/claude-opus-4-6 or openrouter/openai/gpt-5.2.",
    });
  }
  return { provider, model };
}
