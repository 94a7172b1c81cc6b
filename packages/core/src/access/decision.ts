/**
 * Why somebody may or may not talk to us. Logs and `openclaw explain` print the code; scripts match on it. Add, never
 * reword.
 */
const reasons = {
  "dm-open": "direct messages are open to everybody",
  "dm-listed": "the sender is in allowFrom",
  "dm-paired": "the sender was approved by pairing",
  "dm-wildcard": "allowFrom contains *",
  "dm-self": "the message comes from our own account",
  "dm-pairing": "the sender is unknown and may ask for approval with a pairing code",
  "dm-not-listed": "the sender is not in allowFrom",
  "dm-list-empty": "allowFrom is empty, so nobody may write",
  "dm-open-without-wildcard": "dmPolicy is open, but allowFrom does not contain *",
  "dm-disabled": "direct messages are disabled",
  "dm-policy-unknown": "dmPolicy is not one of pairing, allowlist, open, disabled",
  "sender-unknown": "the message carries no sender id",
  "group-open": "the group is open to every member",
  "group-sender-listed": "the sender is in the list that applies to this group",
  "group-sender-wildcard": "the list that applies to this group contains *",
  "group-chat-listed": "the chat is listed",
  "group-disabled": "group messages are disabled",
  "group-off": "this group or topic is switched off",
  "group-not-listed": "other groups are listed, this one is not",
  "group-list-empty": "no sender list is configured, so nobody may write in groups",
  "group-sender-not-listed": "the sender is not in the list that applies to this group",
  "group-policy-unknown": "groupPolicy is not one of allowlist, open, disabled",
  "chat-unknown": "the message carries no chat id",
  "command-free": "commands are open because commands.useAccessGroups is false",
  "command-owner": "the sender is an owner",
  "command-listed": "the sender is in a list that applies here",
  "command-not-listed": "no list that applies here names the sender",
  "command-no-list": "no list is configured that could allow commands",
  "command-not-owner": "only owners may give commands on this channel",
  "config-write-allowed": "the sender may change the configuration from this chat",
  "config-write-commands-off": "commands.config is off",
  "config-write-channel-off": "configWrites is off for this channel or account",
  "mention-not-needed": "this chat does not require a mention",
  "mention-activation": "activation is set to always for this session",
  "mention-native": "the platform says we were mentioned",
  "mention-pattern": "the text matches a mention pattern",
  "mention-reply": "the message replies to us",
  "mention-command": "an authorised command addresses us",
  "mention-undetectable": "mentions cannot be detected here, so none is required",
  "mention-missing": "a mention is required and there is none: kept as context",
  "send-allowed": "the send policy allows it",
  "send-denied": "the send policy denies it",
  "send-session": "the session's own send policy decides",
} as const;

export type ReasonCode = keyof typeof reasons;

/** What happens to a message: taken, dropped, or answered with a pairing code. */
export interface AccessDecision {
  action: "allow" | "deny" | "pair";
  reason: ReasonCode;
}

/** The code as a sentence without capital and full stop. */
export function describeReason(code: ReasonCode): string {
  return reasons[code];
}
