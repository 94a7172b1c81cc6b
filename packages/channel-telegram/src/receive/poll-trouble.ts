import { toChannelError } from "../wire/channel-error.ts";

export interface Trouble {
  /** For `Health.lastError`. */
  reason: string;
  /** For `Health.problem`: set when only a person can end it. */
  problem?: string;
  delayMs: number;
}

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** Between tries that will fail until a person acts: often enough to notice the fix, too rare to annoy the platform. */
const HOPELESS_DELAY_MS = 15_000;

/** How bad a failed poll is and how long to wait. `failures` counts from 1 since the last success. */
export function judgePollFailure(error: unknown, failures: number, token: string): Trouble {
  const channelError = toChannelError(error, "receiving", token);
  const reason = channelError.message;
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS) * (1 + Math.random() * 0.1);
  if (channelError.kind === "auth")
    return {
      reason,
      problem: "Telegram refuses the bot token: get a valid one from @BotFather and set channels.telegram.botToken",
      delayMs: Math.max(delayMs, Math.min(HOPELESS_DELAY_MS, 1000 * failures)),
    };
  if (/\b409\b/.test(reason))
    return {
      reason,
      problem:
        "another program receives this bot's messages: stop it, or give one of the two its own bot from @BotFather",
      delayMs: Math.max(delayMs, Math.min(HOPELESS_DELAY_MS, 1000 * failures)),
    };
  return { reason, delayMs: Math.max(delayMs, channelError.retryAfterMs ?? 0) };
}
