import type { Update } from "grammy/types";

type UpdateKind = Exclude<keyof Update, "update_id">;

const ALWAYS = ["message", "edited_message", "channel_post", "edited_channel_post", "callback_query"] as const;

/** The update kinds to ask for; reactions come only when named. */
export function allowedUpdates(reactions: "off" | "own" | "all"): UpdateKind[] {
  return reactions === "off" ? [...ALWAYS] : [...ALWAYS, "message_reaction"];
}
