import type { Egress } from "../../egress/index.ts";
import { readAnswer, type SearchProvider } from "./search-provider.ts";

export interface PerplexityOptions {
  egress: Egress;
  apiKey: string;
  timeoutMs: number;
  /** OpenAI-like API of Perplexity itself, or OpenRouter's. */
  baseUrl?: string;
  model?: string;
}

interface PerplexityAnswer {
  choices?: { message?: { content?: string } }[];
  citations?: string[];
}

/** Perplexity: a written answer with the addresses it rests on. Keys that begin with `sk-or-` belong to OpenRouter. */
export function createPerplexitySearch({ egress, apiKey, timeoutMs, ...options }: PerplexityOptions): SearchProvider {
  const viaRouter = apiKey.startsWith("sk-or-");
  const baseUrl = options.baseUrl ?? (viaRouter ? "https://openrouter.ai/api/v1" : "https://api.perplexity.ai");
  const model = options.model ?? (viaRouter ? "perplexity/sonar-pro" : "sonar-pro");
  return {
    id: "perplexity",
    async search({ query }, signal) {
      const response = await egress.request(`${baseUrl.replace(/\/+$/, "")}/chat/completions`, {
        method: "POST",
        signal,
        timeoutMs,
        maxRedirects: 0,
        headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ model, messages: [{ role: "user", content: query }] }),
      });
      const { choices, citations } = readAnswer(
        "Perplexity",
        "tools.web.search.perplexity.apiKey",
        response,
      ) as PerplexityAnswer;
      const hits = (Array.isArray(citations) ? citations : []).map((url) => ({ title: "", url, text: "" }));
      return { answer: choices?.[0]?.message?.content ?? "", hits };
    },
  };
}
