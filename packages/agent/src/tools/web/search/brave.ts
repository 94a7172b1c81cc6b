import type { Egress } from "../../egress/index.ts";
import { readAnswer, type SearchProvider } from "./search-provider.ts";

export interface BraveOptions {
  egress: Egress;
  apiKey: string;
  timeoutMs: number;
  /** Default: Brave's own. */
  endpoint?: string;
}

interface BraveAnswer {
  web?: { results?: { title?: string; url?: string; description?: string; age?: string }[] };
}

/** Brave Search, https://api.search.brave.com: one GET, the key in a header. */
export function createBraveSearch({
  egress,
  apiKey,
  timeoutMs,
  endpoint = "https://api.search.brave.com/res/v1/web/search",
}: BraveOptions): SearchProvider {
  return {
    id: "brave",
    async search({ query, count, country, searchLang, freshness }, signal) {
      const url = new URL(endpoint);
      const parameters = {
        q: query,
        count: String(count),
        country,
        search_lang: searchLang,
        freshness,
        text_decorations: "false",
      };
      for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value);
      const response = await egress.request(url, {
        signal,
        timeoutMs,
        // The key must not travel on to wherever an answer points.
        maxRedirects: 0,
        headers: { accept: "application/json", "accept-encoding": "gzip", "x-subscription-token": apiKey },
      });
      const { web } = readAnswer("Brave Search", "tools.web.search.apiKey or BRAVE_API_KEY", response) as BraveAnswer;
      const hits = (web?.results ?? []).flatMap(({ title = "", url: address, description = "", age }) =>
        address ? [{ title, url: address, text: description, ...(age ? { age } : {}) }] : [],
      );
      return { hits };
    },
  };
}
