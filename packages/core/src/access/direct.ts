import { hasSender, isListed, type NormalizeId, readAllowlist } from "./allowlist.ts";
import type { AccessDecision } from "./decision.ts";

export interface DirectFacts {
  /** `dmPolicy` as configured. Undefined: `pairing`. */
  policy: unknown;
  /** `allowFrom` as configured. */
  allowFrom: unknown;
  /** Ids approved by pairing. A `*` in here is ignored. */
  paired?: readonly string[];
  /** Every form in which the sender may be listed: the platform id and, where the channel allows it, `@username`. */
  senderIds: readonly string[];
  normalize: NormalizeId;
  /** Written from our own account, e.g. a note to self. Always taken while direct messages are on. */
  fromSelf?: boolean;
}

/** Whether a direct message is taken. Empty, malformed or unknown settings drop it. */
export function decideDirect(facts: DirectFacts): AccessDecision {
  const { senderIds, normalize } = facts;
  const policy = facts.policy === undefined ? "pairing" : facts.policy;
  if (policy === "disabled") return { action: "deny", reason: "dm-disabled" };
  if (policy !== "pairing" && policy !== "allowlist" && policy !== "open") {
    return { action: "deny", reason: "dm-policy-unknown" };
  }
  if (!hasSender(senderIds, normalize)) return { action: "deny", reason: "sender-unknown" };
  if (facts.fromSelf) return { action: "allow", reason: "dm-self" };

  const list = readAllowlist(facts.allowFrom, normalize);
  if (isListed(list, senderIds, normalize)) return { action: "allow", reason: "dm-listed" };
  if (list.wildcard) return { action: "allow", reason: policy === "open" ? "dm-open" : "dm-wildcard" };
  if (isListed(readAllowlist(facts.paired, normalize), senderIds, normalize))
    return { action: "allow", reason: "dm-paired" };
  if (policy === "pairing") return { action: "pair", reason: "dm-pairing" };
  if (policy === "open") return { action: "deny", reason: "dm-open-without-wildcard" };
  return { action: "deny", reason: list.empty ? "dm-list-empty" : "dm-not-listed" };
}
