import type { Egress } from "../../egress/index.ts";
import { createBraveSearch } from "./brave.ts";
import { createPerplexitySearch } from "./perplexity.ts";
import type { SearchProvider } from "./search-provider.ts";

/** `tools.web.search` of the configuration. */
export interface WebSearchConfig {
  enabled?: boolean;
  provider?: string;
  apiKey?: string;
  /** Default 5. */
  maxResults?: number;
  /** Default 30. */
  timeoutSeconds?: number;
  /** Default 15; 0 switches the cache off. */
  cacheTtlMinutes?: number;
  perplexity?: { apiKey?: string; baseUrl?: string; model?: string };
}

export interface ChooseSearchOptions {
  config: WebSearchConfig;
  env: Readonly<Record<string, string | undefined>>;
  egress: Egress;
}

/** The configured service. Undefined: switched off, or no key is known, so there is nothing to offer. */
export function chooseSearch({ config, env, egress }: ChooseSearchOptions): SearchProvider | undefined {
  if (config.enabled === false) return undefined;
  const timeoutMs = (config.timeoutSeconds ?? 30) * 1000;
  if (config.provider === "perplexity") {
    const { apiKey, baseUrl, model } = config.perplexity ?? {};
    const key = apiKey || env["PERPLEXITY_API_KEY"] || env["OPENROUTER_API_KEY"];
    if (!key) return undefined;
    return createPerplexitySearch({
      egress,
      apiKey: key,
      timeoutMs,
      ...(baseUrl ? { baseUrl } : {}),
      ...(model ? { model } : {}),
    });
  }
  const key = config.apiKey || env["BRAVE_API_KEY"];
  return key ? createBraveSearch({ egress, apiKey: key, timeoutMs }) : undefined;
}
