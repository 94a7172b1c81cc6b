import type { AssistantMessage } from "@earendil-works/pi-ai";
import type { Usage } from "../types.ts";

export function emptyUsage(): Usage {
  return { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0, cost: 0 };
}

/** Adds one model call. Sums, except `total`: that is the last call's, what the context window holds now. */
export function addUsage(sum: Usage, { usage }: Pick<AssistantMessage, "usage">): Usage {
  const { input, output, cacheRead, cacheWrite } = usage;
  return {
    input: sum.input + input,
    output: sum.output + output,
    cacheRead: sum.cacheRead + cacheRead,
    cacheWrite: sum.cacheWrite + cacheWrite,
    total: usage.totalTokens || input + output + cacheRead + cacheWrite || sum.total,
    cost: sum.cost + usage.cost.total,
  };
}

/** Adds a call beside the conversation: it was paid for, but says nothing about what the window holds. */
export function addSideUsage(sum: Usage, message: Pick<AssistantMessage, "usage">): Usage {
  return { ...addUsage(sum, message), total: sum.total };
}
