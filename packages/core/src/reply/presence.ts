export type AckScope = "group-mentions" | "group-all" | "direct" | "all" | "off";

/** Whether a message gets the reaction that says "seen". */
export function wantsAck(
  scope: AckScope | undefined,
  message: { direct: boolean; mentionRequired: boolean; mentioned: boolean },
): boolean {
  switch (scope ?? "group-mentions") {
    case "all":
      return true;
    case "direct":
      return message.direct;
    case "group-all":
      return !message.direct;
    case "group-mentions":
      return !message.direct && message.mentionRequired && message.mentioned;
    default:
      return false;
  }
}

/** The emoji: as configured (empty: none), else the agent's own, else eyes. */
export function ackEmoji(configured: string | undefined, identityEmoji: string | undefined): string | undefined {
  const emoji = configured ?? (identityEmoji?.trim() || "👀");
  return emoji.trim() === "" ? undefined : emoji.trim();
}

export type TypingMode = "never" | "instant" | "thinking" | "message";

/** When typing is shown. Without a setting: at once in direct chats and when addressed, else with the first words. */
export function typingMode(facts: {
  configured?: TypingMode;
  direct: boolean;
  mentioned: boolean;
  heartbeat?: boolean;
}): TypingMode {
  if (facts.heartbeat) return "never";
  return facts.configured ?? (facts.direct || facts.mentioned ? "instant" : "message");
}

/** Typing is shown again after this, ms. */
export const TYPING_REFRESH_MS = 6000;
/** And never longer than this for one turn, ms. */
export const TYPING_TTL_MS = 120_000;
