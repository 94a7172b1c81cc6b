import type { TurnResult } from "@openclaw/agent";
import { compactCount, dollars } from "../format.ts";

/**
 * The line under an answer that `/usage tokens` and `/usage full` ask for. Undefined: off, or nothing was counted (the
 * offline rules use no tokens).
 */
export function usageFooter(
  level: string | undefined,
  { usage, provider, model }: Pick<TurnResult, "usage" | "provider" | "model">,
): string | undefined {
  const input = usage.input + usage.cacheRead + usage.cacheWrite;
  if ((level !== "tokens" && level !== "full" && level !== "on") || input + usage.output === 0) return undefined;
  const tokens = `Usage: ${compactCount(input)} in / ${compactCount(usage.output)} out`;
  if (level !== "full") return tokens;
  const cached = usage.cacheRead > 0 ? ` (${compactCount(usage.cacheRead)} from cache)` : "";
  const cost = usage.cost > 0 ? ` · ${dollars(usage.cost)}` : "";
  return `${tokens}${cached}${cost} · ${provider}/${model}`;
}
