import type { GatewayContext } from "../gateway-context.ts";
import type { CommandInput } from "./command.ts";
import { levelDirective } from "./directives/level-directive.ts";
import type { TurnOverrides } from "./directives/turn-overrides.ts";
import { currentModel } from "./models/current-model.ts";

/** Models that think harder than `high`: OpenAI's GPT-5 with a version, plain or for code. */
const extraHigh = /^gpt-5\.\d+(?:-codex(?:-[a-z]+)?|-pro)?$/;

export const think = levelDirective({
  name: "think",
  aliases: ["thinking", "t"],
  description: "How long I think before I answer.",
  section: "Model and answers",
  label: "Thinking",
  levels: ["off", "minimal", "low", "medium", "high", "xhigh"],
  words: {
    on: "low",
    none: "off",
    min: "minimal",
    mid: "medium",
    med: "medium",
    ultra: "high",
    max: "high",
    highest: "high",
  },
  field: "thinkingLevel",
  override: (level): TurnOverrides => ({ thinking: level as TurnOverrides["thinking"] }),
  level: (overrides) => overrides.thinking,
  fallback: ({ config }) => config().agents?.defaults?.thinkingDefault ?? "as the model likes",
  refuse: async (level, input, context) => (level === "xhigh" ? await refuseExtraHigh(input, context) : undefined),
});

async function refuseExtraHigh(input: CommandInput, context: GatewayContext): Promise<string | undefined> {
  const { provider, model } = await currentModel(context, input.sessionKey);
  return extraHigh.test(model)
    ? undefined
    : `${provider}/${model} does not know xhigh. The most it takes is /think high`;
}
