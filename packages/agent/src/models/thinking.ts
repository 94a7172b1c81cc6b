import type { Api, Model } from "@earendil-works/pi-ai";

export const THINKING_LEVELS = ["off", "minimal", "low", "medium", "high", "xhigh"] as const;

export type ThinkingLevel = (typeof THINKING_LEVELS)[number];

/**
 * The level a turn thinks at: the wanted one where the model has it, else the nearest it has (a higher one first, as the
 * wish was for thought). Models that can think do so at `low` when nobody said anything, Z.AI's GLM included. `xhigh`
 * exists only where pi's catalogue lists it.
 */
export function chooseThinking(model: Model<Api>, wanted: string | undefined): ThinkingLevel {
  const asked = THINKING_LEVELS.find((level) => level === wanted);
  if (!model.reasoning) return "off";
  const has = (level: ThinkingLevel) => {
    const mapped = model.thinkingLevelMap?.[level];
    return mapped !== null && (level !== "xhigh" || mapped !== undefined);
  };
  const level = asked ?? "low";
  // A model that cannot stop thinking refuses "off": the wire leaves the setting out then.
  if (level === "off" || has(level)) return level;
  const index = THINKING_LEVELS.indexOf(level);
  const levels = [...THINKING_LEVELS.slice(index + 1), ...THINKING_LEVELS.slice(1, index).toReversed()];
  return levels.find(has) ?? "off";
}
