import type { Clock } from "@openclaw/core";
import { createHttpProvider } from "./http-provider.ts";
import { findLocalProvider } from "./local-provider.ts";
import type { EmbeddingProvider, EmbeddingProviderId } from "./provider.ts";

export interface EmbeddingSettings {
  provider: EmbeddingProviderId | "auto";
  /** Takes over when the provider fails. */
  fallback: EmbeddingProviderId | "none";
  model?: string;
  remote: { baseUrl?: string; apiKey?: string; headers?: Readonly<Record<string, string>> };
}

export interface ChooseOptions {
  settings: EmbeddingSettings;
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  fetch: typeof globalThis.fetch;
}

/** Variables that hold keys, the first that is set counts. */
const keyNames: Readonly<Record<string, readonly string[]>> = {
  openai: ["OPENAI_API_KEY"],
  gemini: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  voyage: ["VOYAGE_API_KEY"],
};

/** In the order in which they are tried when none is named: free and private first. */
const automatic = ["local", "openai", "gemini", "voyage"] as const;

/**
 * Who makes the embeddings, in order: the first is used, the next when it fails. Empty: nobody can, and search goes by
 * words alone. Makes no call.
 */
export function chooseProviders(options: ChooseOptions): EmbeddingProvider[] {
  const { provider, fallback } = options.settings;
  const first =
    provider === "auto" ? automatic.map((id) => make(id, options, true)).find(Boolean) : make(provider, options, true);
  const second = fallback === "none" || fallback === first?.id ? undefined : make(fallback, options, false);
  return [first, second].filter((entry): entry is EmbeddingProvider => entry !== undefined);
}

/** `own`: the settings `model` and `remote` are about this provider, not about the one it stands in for. */
function make(id: EmbeddingProviderId, options: ChooseOptions, own: boolean): EmbeddingProvider | undefined {
  const { settings, env, fetch, stateDir, clock } = options;
  if (id === "local") return findLocalProvider({ stateDir, clock });
  const { model, remote } = own ? settings : { model: undefined, remote: {} };
  // A key of the environment belongs to the provider's own address, and is sent to no other.
  const apiKey = remote.apiKey ?? (remote.baseUrl ? undefined : keyNames[id]?.map((name) => env[name]).find(Boolean));
  // A server of one's own may need no key; the others would only refuse.
  if (!apiKey && id !== "ollama" && !remote.baseUrl) return undefined;
  // Under `auto` an address of one's own speaks OpenAI's format, and a model's name says nothing about other providers.
  if (settings.provider === "auto" && remote.baseUrl && id !== "openai") return undefined;
  return createHttpProvider({
    id,
    fetch,
    ...(apiKey ? { apiKey } : {}),
    ...(remote.baseUrl ? { baseUrl: remote.baseUrl } : {}),
    ...(remote.headers ? { headers: remote.headers } : {}),
    ...(model && settings.provider !== "auto" ? { model } : {}),
  });
}
