import type { Api, Model } from "@earendil-works/pi-ai";
import { offlineProviderId } from "./engine/turns.ts";

/** The descriptor of `offline/rules`, apart from the rules so that a model list need not load them. */
export const offlineModel: Model<Api> = {
  id: "rules",
  name: "Offline mode (no AI model)",
  api: "offline-rules",
  provider: offlineProviderId,
  baseUrl: "",
  reasoning: false,
  input: ["text"],
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  // Rules read any length; the numbers keep compaction and truncation away.
  contextWindow: 1_000_000,
  maxTokens: 100_000,
};
