import type { TurnResult } from "@openclaw/agent";

/** The line under an answer before which older messages were summarised: what is forgotten shall not come as a surprise. */
export function compactionNotice({ compactions = 0 }: Pick<TurnResult, "compactions">): string | undefined {
  if (compactions === 0) return undefined;
  return "🧹 Older messages of this conversation are now a summary, to make room. /new starts afresh.";
}
