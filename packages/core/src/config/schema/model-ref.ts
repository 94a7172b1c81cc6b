import { either, section, strings, text } from "./dsl.ts";

/** `provider/model`, or `{ primary, fallbacks }`. */
export const modelSelection = (description: string) =>
  either(description, [
    text("Model as provider/model, or an alias."),
    section("Primary model and what to try when it fails.", {
      primary: text("Model as provider/model, or an alias.", { placeholder: "anthropic/claude-opus-4-5" }),
      fallbacks: strings("Tried in order when the primary fails. An empty list switches inherited fallbacks off."),
    }),
  ]);

export const thinkingLevels = ["off", "minimal", "low", "medium", "high", "xhigh"] as const;
