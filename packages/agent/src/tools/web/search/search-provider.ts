import { OpenClawError } from "@openclaw/core";
import type { EgressResponse } from "../../egress/index.ts";

export interface SearchQuery {
  query: string;
  /** 1 to 10. */
  count: number;
  /** Two letters, or `ALL`. */
  country?: string;
  /** Language of the results, two letters. */
  searchLang?: string;
  /** `pd`, `pw`, `pm`, `py` (past day, week, month, year) or `YYYY-MM-DDtoYYYY-MM-DD`. */
  freshness?: string;
}

export interface SearchHit {
  title: string;
  url: string;
  /** What the service quotes; may be empty. */
  text: string;
  /** As the service words it, e.g. `2 days ago`. */
  age?: string;
}

/** What a service found: pages, or an answer of its own with its sources. */
export interface SearchAnswer {
  hits: readonly SearchHit[];
  answer?: string;
}

/** One search service. `search` throws `SEARCH_*` errors that a model can act on, and what the egress client throws. */
export interface SearchProvider {
  id: string;
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer>;
}

/** Parses the body of a service's answer; an answer that is no success becomes an error that names the key's place. */
export function readAnswer(service: string, keyAt: string, { status, headers, body }: EgressResponse): unknown {
  if (status === 200) {
    try {
      return JSON.parse(new TextDecoder().decode(body)) as unknown;
    } catch (error) {
      throw new OpenClawError({
        code: "SEARCH_GARBLED",
        message: `${service} sent an answer that is not JSON.`,
        hint: "Try again later.",
        cause: error,
      });
    }
  }
  if (status === 401 || status === 403)
    throw new OpenClawError({
      code: "SEARCH_KEY",
      message: `${service} refused the key (HTTP ${status}).`,
      hint: `Put a valid key into ${keyAt}.`,
      details: { status },
    });
  if (status === 429) {
    const wait = /^\d+$/.test(headers["retry-after"] ?? "")
      ? ` Try again in ${headers["retry-after"]} s.`
      : " Try again in a minute.";
    throw new OpenClawError({
      code: "SEARCH_LIMIT",
      message: `${service} allows no more searches now (HTTP 429).`,
      hint: `${wait} web_fetch still works for known addresses.`.trim(),
      details: { status },
    });
  }
  throw new OpenClawError({
    code: "SEARCH_FAILED",
    message: `${service} answered with HTTP ${status}.`,
    hint: status >= 500 ? "Try again later." : "Try simpler words.",
    details: { status },
  });
}
