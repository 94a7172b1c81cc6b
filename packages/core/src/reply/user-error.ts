import { OpenClawError } from "../error.ts";

/** Longest error that is shown to a person as it is. */
const MAX_LENGTH = 600;

const sentences: readonly [RegExp, string][] = [
  [
    /\b402\b|billing|insufficient (?:credit|balance|funds|quota)|credit balance|payment required|exceeded your current quota/i,
    "⚠️ The model's provider reports a billing problem. Check the account's credit, or switch with /model.",
  ],
  [
    /context (?:length|window)|prompt is too long|maximum context|too many tokens|request_too_large|context.?overflow/i,
    "⚠️ This conversation is too long for the model. Use /compact to shorten it, or /new to start afresh.",
  ],
  [
    /\b529\b|overloaded|server is busy|\b503\b|service unavailable/i,
    "⚠️ The model is overloaded right now. Please try again in a moment.",
  ],
  [
    /\b429\b|rate.?limit|too many requests|resource.?exhausted/i,
    "⚠️ The model's rate limit is reached. Please try again in a minute.",
  ],
  [
    /\b401\b|\b403\b|unauthori[sz]ed|invalid.{0,10}api.?key|authentication|permission denied|oauth.{0,20}expired/i,
    "⚠️ The model's provider refused our credentials. Run `openclaw models status` on the gateway's machine.",
  ],
  [
    /timed? ?out|timeout|\b408\b|\b504\b|deadline/i,
    "⚠️ The model did not answer in time. Please try again, or use a shorter request.",
  ],
  [
    /econnrefused|econnreset|enotfound|eai_again|socket hang up|fetch failed|network/i,
    "⚠️ The model's provider could not be reached. Check the gateway's network connection.",
  ],
  [
    /roles must alternate|role.{0,20}(?:order|alternat)|unexpected role/i,
    "⚠️ The conversation's order got mixed up. Use /new to start afresh.",
  ],
];

/**
 * A failure as a person in a chat should read it: a short sentence that says what to do. OpenClaw's own errors speak
 * for themselves. Anything unknown is cut to 600 characters.
 */
export function userErrorText(error: unknown): string {
  if (OpenClawError.is(error)) return `⚠️ ${cut(error.hint ? `${error.message} ${error.hint}` : error.message)}`;
  const raw = (error instanceof Error ? error.message : typeof error === "string" ? error : "").trim();
  if (raw === "")
    return "⚠️ Something went wrong before an answer came. Please try again; the gateway's log says more.";
  const known = sentences.find(([pattern]) => pattern.test(raw));
  return known ? known[1] : `⚠️ The answer failed: ${cut(raw)}`;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
