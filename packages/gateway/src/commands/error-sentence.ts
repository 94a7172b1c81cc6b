import { OpenClawError } from "@openclaw/core";

/** What went wrong and what to do about it, as one text. */
export function errorSentence(error: unknown): string {
  if (OpenClawError.is(error)) return [error.message, error.hint].filter(Boolean).join(" ");
  return error instanceof Error ? error.message : String(error);
}
