import type { NormalizeId } from "./allowlist.ts";

/** What a configuration may say about one group, channel or topic. */
export interface GroupRule {
  enabled?: boolean;
  /** Discord and Slack: false takes the channel off the list. */
  allow?: boolean;
  requireMention?: boolean;
  allowFrom?: unknown;
  /** Discord's and Slack's name for `allowFrom`. */
  users?: unknown;
  skills?: readonly string[];
  systemPrompt?: string;
  tools?: unknown;
  toolsBySender?: unknown;
  autoThread?: boolean;
  topics?: Readonly<Record<string, GroupRule>>;
}

/** How the configuration's lists see a chat. */
export interface GroupListing {
  /**
   * `named`: by its own entry; `wildcard`: through `*`; `missing`: others are listed, this is not; `unlisted`: no list
   * of chats exists.
   */
  listing: "named" | "wildcard" | "missing" | "unlisted";
  /** Topic over group over `*`, field by field. */
  rule: GroupRule;
}

/** Finds the rule of a group in `groups{}`, and of a topic in it. `chatIds`: every form in which the chat may be listed. */
export function resolveGroup(
  groups: Readonly<Record<string, GroupRule>> | undefined,
  { chatIds, topicId, normalize }: { chatIds: readonly string[]; topicId?: string; normalize: NormalizeId },
): GroupListing {
  if (!groups || Object.keys(groups).length === 0) return { listing: "unlisted", rule: {} };
  const wildcard = groups["*"];
  const own = findNamed(groups, chatIds, normalize);
  const topic = topicId === undefined ? undefined : (own?.topics?.[topicId] ?? wildcard?.topics?.[topicId]);
  const rule = layer(wildcard, own, topic);
  if (own) return { listing: "named", rule };
  return wildcard ? { listing: "wildcard", rule } : { listing: "missing", rule: {} };
}

export interface GuildRule extends GroupRule {
  channels?: Readonly<Record<string, GroupRule>>;
}

/**
 * Finds the rule of a channel in `guilds{}` (Discord) or, with one nameless guild, in `channels{}` (Slack). A guild
 * without `channels` lists all of them.
 */
export function resolveGuildChannel(
  guilds: Readonly<Record<string, GuildRule>> | undefined,
  { guildIds, chatIds, normalize }: { guildIds: readonly string[]; chatIds: readonly string[]; normalize: NormalizeId },
): GroupListing {
  if (!guilds || Object.keys(guilds).length === 0) return { listing: "unlisted", rule: {} };
  const own = findNamed(guilds, guildIds, normalize);
  const guild = own ?? guilds["*"];
  if (!guild) return { listing: "missing", rule: {} };
  const { channels, ...guildRule } = guild;
  if (!channels || Object.keys(channels).length === 0) return { listing: own ? "named" : "wildcard", rule: guildRule };
  const channel = resolveGroup(channels, { chatIds, normalize });
  return { listing: channel.listing, rule: layer(guildRule, channel.listing === "missing" ? undefined : channel.rule) };
}

/** What requires a mention: the session's activation, else topic, group, `*`, and at last `true`. */
export function mentionRequired(rule: GroupRule, activation?: "mention" | "always"): boolean {
  if (activation !== undefined) return activation === "mention";
  return rule.requireMention ?? true;
}

function findNamed<Rule>(
  rules: Readonly<Record<string, Rule>>,
  ids: readonly string[],
  normalize: NormalizeId,
): Rule | undefined {
  const wanted = new Set(ids.map((id) => comparable(id, normalize)).filter((id) => id !== ""));
  for (const [name, rule] of Object.entries(rules)) {
    if (name !== "*" && wanted.has(comparable(name, normalize))) return rule;
  }
  return undefined;
}

function comparable(id: string, normalize: NormalizeId): string {
  const plain = id.trim().replace(/^#/, "");
  try {
    return normalize(plain).trim().toLowerCase();
  } catch {
    return plain.toLowerCase();
  }
}

/** Later rules win. A rule of one's own is on unless it says otherwise, whatever `*` says. */
function layer(...rules: (GroupRule | undefined)[]): GroupRule {
  const merged: GroupRule = {};
  for (const rule of rules) {
    if (!rule) continue;
    delete merged.enabled;
    Object.assign(merged, Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)));
  }
  delete merged.topics;
  return merged;
}
