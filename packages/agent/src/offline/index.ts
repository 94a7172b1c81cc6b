export { createOfflineProvider } from "./provider.ts";
export { offlineModel } from "./model.ts";
export type { OfflineProvider, OfflineProviderOptions } from "./provider.ts";
export type { Answer, Match, Plan, Rule, Slots, ToolOutcome, Turn } from "./engine/rule.ts";
export type { LiveTools, ToolRequest } from "./engine/live-tools.ts";
