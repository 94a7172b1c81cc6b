import { levelDirective } from "./directives/level-directive.ts";

export const reasoning = levelDirective({
  name: "reasoning",
  aliases: ["reason"],
  description: "Show my reasoning beside the answer.",
  section: "Model and answers",
  label: "Reasoning",
  levels: ["off", "on", "stream"],
  field: "reasoningLevel",
  override: (level) => ({ reasoning: level }),
  level: (overrides) => overrides.reasoning,
  fallback: () => "off",
  refuse(level, { channel, account }, { channels }) {
    if (level !== "stream" || channels.find(channel, account)?.definition.capabilities.drafts) return undefined;
    return "Reasoning can be streamed only where drafts can be shown (Telegram). Use /reasoning on";
  },
  explain: { on: "sent as a message of its own", stream: "shown in the draft while I write" },
});
