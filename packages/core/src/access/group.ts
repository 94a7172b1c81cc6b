import { hasSender, isListed, type NormalizeId, readAllowlist } from "./allowlist.ts";
import type { AccessDecision } from "./decision.ts";
import type { GroupListing } from "./group-rule.ts";

export interface GroupFacts {
  /** `groupPolicy` as configured for the channel, else for `channels.defaults`. Undefined: `allowlist`. */
  policy: unknown;
  /** From `resolveGroup` or `resolveGuildChannel`. */
  group: GroupListing;
  /**
   * What `allowlist` asks for: a listed sender (Telegram, WhatsApp, Signal, iMessage, Teams) or a listed chat (Discord,
   * Slack).
   */
  listedBy: "sender" | "chat";
  groupAllowFrom: unknown;
  /** Stands in when `groupAllowFrom` is not set. Pairing approvals do not: they are for direct chats. */
  allowFrom: unknown;
  chatId: string;
  senderIds: readonly string[];
  normalize: NormalizeId;
}

/** Whether a message in a group or channel is looked at, before commands and mentions. */
export function decideGroup(facts: GroupFacts): AccessDecision {
  const { group, senderIds, normalize } = facts;
  const policy = facts.policy === undefined ? "allowlist" : facts.policy;
  if (policy === "disabled") return { action: "deny", reason: "group-disabled" };
  if (policy !== "allowlist" && policy !== "open") return { action: "deny", reason: "group-policy-unknown" };
  if (facts.chatId.trim() === "") return { action: "deny", reason: "chat-unknown" };
  if (group.rule.enabled === false || group.rule.allow === false) return { action: "deny", reason: "group-off" };
  if (group.listing === "missing") return { action: "deny", reason: "group-not-listed" };
  if (!hasSender(senderIds, normalize)) return { action: "deny", reason: "sender-unknown" };

  // A list of the group's own always applies, an open policy included.
  const ownList = group.rule.allowFrom ?? group.rule.users;
  if (ownList !== undefined) return decideSender(ownList, facts);
  if (policy === "open") return { action: "allow", reason: "group-open" };
  if (facts.listedBy === "chat") {
    return group.listing === "unlisted"
      ? { action: "deny", reason: "group-list-empty" }
      : { action: "allow", reason: "group-chat-listed" };
  }
  return decideSender(facts.groupAllowFrom ?? facts.allowFrom, facts);
}

function decideSender(value: unknown, { senderIds, normalize }: GroupFacts): AccessDecision {
  const list = readAllowlist(value, normalize);
  if (list.empty) return { action: "deny", reason: "group-list-empty" };
  if (isListed(list, senderIds, normalize)) return { action: "allow", reason: "group-sender-listed" };
  if (list.wildcard) return { action: "allow", reason: "group-sender-wildcard" };
  return { action: "deny", reason: "group-sender-not-listed" };
}
