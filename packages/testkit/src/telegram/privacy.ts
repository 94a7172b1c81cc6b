import type { WireMessage, WireUser } from "./wire.ts";

/** Fields of service messages, which reach a bot in privacy mode too. */
const SERVICE = [
  "new_chat_members",
  "left_chat_member",
  "migrate_to_chat_id",
  "migrate_from_chat_id",
  "pinned_message",
];

/**
 * What a bot in privacy mode still sees in a group: commands (for all bots or for it), mentions of it, replies to it,
 * and service messages.
 */
export function isVisibleInPrivacyMode(message: WireMessage, bot: WireUser): boolean {
  if (SERVICE.some((field) => field in message)) return true;
  if (message.reply_to_message?.from?.id === bot.id) return true;
  const text = message.text ?? message.caption ?? "";
  const username = (bot.username ?? "").toLowerCase();
  return (message.entities ?? message.caption_entities ?? []).some((entity) => {
    const marked = text.slice(entity.offset, entity.offset + entity.length).toLowerCase();
    if (entity.type === "mention") return marked === `@${username}`;
    if (entity.type === "text_mention") return entity.user?.id === bot.id;
    if (entity.type === "bot_command") return !marked.includes("@") || marked.endsWith(`@${username}`);
    return false;
  });
}
