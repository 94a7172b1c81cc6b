export { type Allowlist, isListed, type NormalizeId, readAllowlist } from "./allowlist.ts";
export { type CommandDecision, type CommandFacts, decideCommand, decideConfigWrite } from "./command.ts";
export { type AccessDecision, describeReason, type ReasonCode } from "./decision.ts";
export { decideDirect, type DirectFacts } from "./direct.ts";
export { decideGroup, type GroupFacts } from "./group.ts";
export {
  type GroupListing,
  type GroupRule,
  type GuildRule,
  mentionRequired,
  resolveGroup,
  resolveGuildChannel,
} from "./group-rule.ts";
export {
  compileMentionPatterns,
  decideMention,
  matchesMention,
  type MentionDecision,
  type MentionFacts,
  type MentionPatternSources,
  stripMentions,
} from "./mention.ts";
export {
  createPairingStore,
  type PairingRequest,
  type PairingStore,
  type PairingStoreOptions,
} from "./pairing-store.ts";
export { decideSend, type SendFacts, type SendPolicy } from "./send-policy.ts";
