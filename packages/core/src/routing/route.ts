import { DEFAULT_AGENT_ID, normalizeAgentId } from "../sessions/agent-id.ts";
import { chatSessionKey, mainSessionKey, type SessionKeySettings } from "../sessions/session-key.ts";

/** One entry of `bindings`. */
export interface Binding {
  agentId: string;
  match: {
    channel: string;
    /** `*`: any account. Absent: the channel's default account. */
    accountId?: string;
    peer?: { kind: string; id: string | number };
    guildId?: string;
    teamId?: string;
  };
}

export interface RoutingConfig {
  agents?: { list?: readonly { id: string; default?: boolean }[] };
  bindings?: readonly Binding[];
  /** `strategy` and, for each peer id, the agents that all get its messages. */
  broadcast?: Readonly<Record<string, unknown>>;
  session?: SessionKeySettings;
}

/** What routing looks at in a message. */
export interface RouteFacts {
  channel: string;
  accountId: string;
  /** The account that bindings without `accountId` mean. Default `default`. */
  defaultAccountId?: string;
  chat: {
    kind: "direct" | "group" | "channel";
    id: string;
    threadId?: string;
    parentId?: string;
    guildId?: string;
    teamId?: string;
  };
  /** How the platform's threads are written in session keys. Default `thread`. */
  threadKind?: "thread" | "topic";
  /** The channel's `normalizeId`. Default: ids as they are. */
  normalize?: (id: string) => string;
}

export type RouteTier = "peer" | "parent-peer" | "guild" | "team" | "account" | "any-account" | "default" | "broadcast";

export interface Route {
  agentId: string;
  tier: RouteTier;
  /** Position in `bindings`, when one matched. */
  binding?: number;
  /** The agent that the binding names but `agents.list` does not; the default agent stands in. */
  unknownAgentId?: string;
  sessionKey: string;
  mainSessionKey: string;
}

const tiers = ["peer", "parent-peer", "guild", "team", "account", "any-account"] as const;

/**
 * Which agent and session a message belongs to: the tiers in order, inside a tier the first binding of the file, at
 * last the default agent. Throws `PEER_ID_MISSING` for a chat without an id.
 */
export function resolveRoute(config: RoutingConfig, facts: RouteFacts): Route {
  const bindings = config.bindings ?? [];
  for (const tier of tiers) {
    const at = bindings.findIndex((binding) => tierOf(binding, facts) === tier);
    const binding = bindings[at];
    if (binding) return { binding: at, ...toRoute(config, facts, binding.agentId, tier) };
  }
  return toRoute(config, facts, defaultAgentId(config), "default");
}

/**
 * As `resolveRoute`, but with the broadcast map first: a peer that it names goes to every listed agent, at once
 * (`parallel`, default) or one after the other.
 */
export function resolveRoutes(
  config: RoutingConfig,
  facts: RouteFacts,
): { strategy: "parallel" | "sequential"; routes: Route[] } {
  const strategy = config.broadcast?.["strategy"] === "sequential" ? "sequential" : "parallel";
  for (const [peer, agents] of Object.entries(config.broadcast ?? {})) {
    if (peer === "strategy" || !Array.isArray(agents) || !isPeer(peer, facts)) continue;
    const named = agents.filter((agent): agent is string => typeof agent === "string" && agent.trim() !== "");
    const known = [...new Set(named.map((agent) => normalizeAgentId(agent)))].filter((agent) => isKnown(config, agent));
    if (known.length > 0) return { strategy, routes: known.map((agent) => toRoute(config, facts, agent, "broadcast")) };
  }
  return { strategy, routes: [resolveRoute(config, facts)] };
}

/** The first entry marked `default`, else the first, else `main`. */
export function defaultAgentId(config: Pick<RoutingConfig, "agents">): string {
  const list = config.agents?.list ?? [];
  return normalizeAgentId((list.find((agent) => agent.default === true) ?? list[0])?.id ?? DEFAULT_AGENT_ID);
}

/** The tier in which a binding matches; undefined when it does not. Everything that it names must be true. */
function tierOf({ match }: Binding, facts: RouteFacts): (typeof tiers)[number] | undefined {
  const { chat, accountId, defaultAccountId = "default" } = facts;
  if (!same(match.channel, facts.channel)) return undefined;
  if (match.accountId !== "*" && !same(match.accountId ?? defaultAccountId, accountId)) return undefined;
  if (match.guildId !== undefined && !same(match.guildId, chat.guildId)) return undefined;
  if (match.teamId !== undefined && !same(match.teamId, chat.teamId)) return undefined;
  if (match.peer) {
    if (kindOf(match.peer.kind) === chat.kind && isPeer(String(match.peer.id), facts)) return "peer";
    return isParent(match.peer, facts) ? "parent-peer" : undefined;
  }
  if (match.guildId !== undefined) return "guild";
  if (match.teamId !== undefined) return "team";
  return match.accountId === "*" ? "any-account" : "account";
}

function isPeer(id: string, { chat, normalize }: RouteFacts): boolean {
  const forms = [
    chat.id,
    ...(chat.threadId ? [`${chat.id}:topic:${chat.threadId}`, `${chat.id}:thread:${chat.threadId}`] : []),
  ];
  return forms.some((form) => sameId(form, id, normalize));
}

function isParent(peer: { kind: string; id: string | number }, { chat, normalize }: RouteFacts): boolean {
  return (
    chat.parentId !== undefined && kindOf(peer.kind) !== "direct" && sameId(chat.parentId, String(peer.id), normalize)
  );
}

function toRoute(config: RoutingConfig, facts: RouteFacts, wanted: string, tier: RouteTier): Route {
  const normal = normalizeAgentId(wanted);
  const known = isKnown(config, normal);
  const agentId = known ? normal : defaultAgentId(config);
  const { chat } = facts;
  const peer = { channel: facts.channel, accountId: facts.accountId, kind: chat.kind, id: chat.id };
  const thread = chat.threadId ? { threadId: chat.threadId, threadKind: facts.threadKind ?? "thread" } : {};
  return {
    agentId,
    tier,
    ...(known ? {} : { unknownAgentId: wanted }),
    sessionKey: chatSessionKey(agentId, { ...peer, ...thread }, config.session),
    mainSessionKey: mainSessionKey(agentId, config.session),
  };
}

function isKnown(config: RoutingConfig, agentId: string): boolean {
  return (
    agentId === defaultAgentId(config) ||
    (config.agents?.list ?? []).some((agent) => normalizeAgentId(agent.id) === agentId)
  );
}

function same(one: string, other: string | undefined): boolean {
  return other !== undefined && one.trim().toLowerCase() === other.trim().toLowerCase();
}

function sameId(one: string, other: string, normalize: (id: string) => string = (id) => id): boolean {
  return one.trim() !== "" && same(normalize(one.trim()), normalize(other.trim()));
}

/** `dm` and `direct` are one kind; so are `room` and `channel`. */
const kindOf = (kind: string) => (kind === "dm" ? "direct" : kind === "room" ? "channel" : kind);
