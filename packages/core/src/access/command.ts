import { isListed, type NormalizeId, readAllowlist } from "./allowlist.ts";
import type { ReasonCode } from "./decision.ts";

export interface CommandFacts {
  channel: string;
  senderIds: readonly string[];
  normalize: NormalizeId;
  /** `commands.useAccessGroups`. Default true. */
  useAccessGroups?: boolean;
  /** `commands.ownerAllowFrom`: ids, or `<channel>:<id>`. */
  ownerAllowFrom?: unknown;
  /** Owners that the channel knows from its own login, e.g. WhatsApp's number. */
  contextOwners?: readonly string[];
  /** The lists that let this sender write here, e.g. `allowFrom`, the pairing store, the group's own list. */
  lists: readonly unknown[];
  /** WhatsApp: only owners give commands. */
  ownersOnly?: boolean;
}

export interface CommandDecision {
  authorized: boolean;
  /** Named by the owner list itself; a wildcard makes nobody an owner. */
  owner: boolean;
  reason: ReasonCode;
}

/** Whether a person's slash commands and directives are carried out. Otherwise they are ignored silently. */
export function decideCommand(facts: CommandFacts): CommandDecision {
  const { senderIds, normalize } = facts;
  const owner = isOwner(facts);
  if (owner) return { authorized: true, owner, reason: "command-owner" };
  if (facts.ownersOnly) return { authorized: false, owner, reason: "command-not-owner" };
  if (facts.useAccessGroups === false) return { authorized: true, owner, reason: "command-free" };
  const lists = facts.lists.map((value) => readAllowlist(value, normalize)).filter((list) => !list.empty);
  if (lists.length === 0) return { authorized: false, owner, reason: "command-no-list" };
  return lists.some((list) => list.wildcard || isListed(list, senderIds, normalize))
    ? { authorized: true, owner, reason: "command-listed" }
    : { authorized: false, owner, reason: "command-not-listed" };
}

/** Whether a command, or something that happened on the platform, may write the configuration file from this chat. */
export function decideConfigWrite(facts: {
  /** `commands.config`. Default false. */
  commandsConfig?: boolean;
  /** `configWrites` of the account, else of the channel. Default true. */
  configWrites?: boolean;
  command: Pick<CommandDecision, "authorized" | "reason">;
}): { allowed: boolean; reason: ReasonCode } {
  if (!facts.command.authorized) return { allowed: false, reason: facts.command.reason };
  if (facts.commandsConfig !== true) return { allowed: false, reason: "config-write-commands-off" };
  if (facts.configWrites === false) return { allowed: false, reason: "config-write-channel-off" };
  return { allowed: true, reason: "config-write-allowed" };
}

/** `commands.ownerAllowFrom`, else the channel's own knowledge, else the lists that apply. */
function isOwner({ channel, senderIds, normalize, ownerAllowFrom, contextOwners, lists }: CommandFacts): boolean {
  const configured = ownersOf(ownerAllowFrom, channel);
  const sources: readonly unknown[] =
    configured.length > 0 ? [configured] : contextOwners && contextOwners.length > 0 ? [contextOwners] : lists;
  return sources.some((value) => isListed(readAllowlist(value, normalize), senderIds, normalize));
}

/** Entries for this channel, without their prefix; entries for other channels never match here. */
function ownersOf(value: unknown, channel: string): (string | number)[] {
  const entries: unknown[] = Array.isArray(value) ? value : [];
  return entries.flatMap((entry): (string | number)[] => {
    if (typeof entry === "number") return [entry];
    if (typeof entry !== "string" || entry.trim() === "") return [];
    const match = /^([a-z][a-z0-9_-]*):(.+)$/i.exec(entry.trim());
    if (!match) return [entry];
    return match[1]?.toLowerCase() === channel.toLowerCase() ? [match[2] ?? "", entry] : [entry];
  });
}
