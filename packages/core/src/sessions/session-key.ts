import { OpenClawError } from "../error.ts";
import { DEFAULT_AGENT_ID, normalizeAgentId, normalizeSlug } from "./agent-id.ts";
import { encodeId, encodeSegment, shorten } from "./key-segment.ts";

/** How direct chats are grouped into sessions (`session.dmScope`). */
export type DmScope = "main" | "per-peer" | "per-channel-peer" | "per-account-channel-peer";

/** The part of the configuration's `session` section that decides keys. */
export interface SessionKeySettings {
  /** `global`: one session for everything. Default `per-sender`. */
  scope?: "per-sender" | "global";
  /** Default `main`. */
  dmScope?: DmScope;
  /** Name of the main session. Default `main`. */
  mainKey?: string;
  /** Canonical name to peers, each `<peer>` or `<channel>:<peer>`. Not used with dmScope `main`. */
  identityLinks?: Readonly<Record<string, readonly string[]>>;
}

/** Where a message came from, as far as its session depends on it. */
export interface SessionPeer {
  channel: string;
  /** Default `default`. */
  accountId?: string;
  kind: "direct" | "group" | "channel";
  /** The peer's id in a direct chat, else the chat's. */
  id: string;
  /** Thread or topic. Chats whose threads are chats of their own pass the thread as `id` instead. */
  threadId?: string;
  /** How the platform's threads are written: `topic` for Telegram forums, else `thread` (default). */
  threadKind?: "thread" | "topic";
}

/** Longest part after the agent. Keys built here stay below; only keys that clients make up are cut. */
const MAX_REST = 640;

export const GLOBAL_SESSION_KEY = "global";

export function mainSessionKey(agentId: string | undefined, settings: SessionKeySettings = {}): string {
  if (settings.scope === "global") return GLOBAL_SESSION_KEY;
  return agentKey(agentId, normalizeSlug(settings.mainKey, "main"));
}

/**
 * The session of a chat. Throws `PEER_ID_MISSING` when the chat has no id: such a message belongs nowhere and must be
 * refused, not filed with others.
 */
export function chatSessionKey(agentId: string, peer: SessionPeer, settings: SessionKeySettings = {}): string {
  if (settings.scope === "global") return GLOBAL_SESSION_KEY;
  if (peer.id.trim() === "" || peer.channel.trim() === "") {
    throw new OpenClawError({
      code: "PEER_ID_MISSING",
      message: `A ${peer.kind} message of channel "${peer.channel}" carries no chat id.`,
      hint: "The channel must fill `chat.id`; the message was not filed under any session.",
    });
  }
  const thread = peer.threadId ? `:${peer.threadKind ?? "thread"}:${encodeSegment(peer.threadId)}` : "";
  const channel = encodeSegment(peer.channel.trim());
  if (peer.kind !== "direct") return agentKey(agentId, `${channel}:${peer.kind}:${encodeId(peer.id)}${thread}`);

  const scope = settings.dmScope ?? "main";
  if (scope === "main") return mainSessionKey(agentId, settings) + thread;
  const dm = `dm:${encodeId(linkedIdentity(peer, settings.identityLinks) ?? peer.id)}${thread}`;
  if (scope === "per-peer") return agentKey(agentId, dm);
  if (scope === "per-channel-peer") return agentKey(agentId, `${channel}:${dm}`);
  return agentKey(agentId, `${channel}:${encodeSegment(peer.accountId?.trim() || "default")}:${dm}`);
}

/** The canonical name that `identityLinks` gives to a peer, when one does. */
export function linkedIdentity(
  peer: { channel: string; id: string },
  links: SessionKeySettings["identityLinks"],
): string | undefined {
  const id = peer.id.trim().toLowerCase();
  const qualified = `${peer.channel.trim().toLowerCase()}:${id}`;
  for (const [name, peers] of Object.entries(links ?? {})) {
    if (name.trim() === "") continue;
    for (const entry of peers) {
      const wanted = entry.trim().toLowerCase();
      if (wanted !== "" && (wanted === id || wanted === qualified)) return name.trim();
    }
  }
  return undefined;
}

export const cronSessionKey = (agentId: string, jobId: string, runSessionId?: string): string =>
  agentKey(agentId, `cron:${encodeSegment(jobId)}${runSessionId ? `:run:${encodeSegment(runSessionId)}` : ""}`);
export const hookSessionKey = (agentId: string, id: string): string => agentKey(agentId, `hook:${encodeId(id)}`);
export const subagentSessionKey = (agentId: string, id: string): string =>
  agentKey(agentId, `subagent:${encodeId(id)}`);
export const acpSessionKey = (agentId: string, id: string): string => agentKey(agentId, `acp:${encodeId(id)}`);
/** Session of the HTTP API: one for each named user, otherwise one for each request id. */
export const httpSessionKey = (
  agentId: string,
  api: "openai" | "openresponses",
  by: { user: string } | { requestId: string },
): string => agentKey(agentId, "user" in by ? `${api}-user:${encodeId(by.user)}` : `${api}:${encodeId(by.requestId)}`);
/** State of a person's native slash commands; the commands themselves act on the chat's session. */
export const slashSessionKey = (agentId: string, channel: string, userId: string): string =>
  agentKey(agentId, `${encodeSegment(channel)}:slash:${encodeId(userId)}`);
export const nodeSessionKey = (agentId: string, nodeId: string): string =>
  agentKey(agentId, `node-${encodeId(nodeId)}`);

/**
 * The one name of a session that a person or client may call by several: `main`, the main key, `agent:<id>:main` and
 * bare keys such as `hook:x` all become `agent:<id>:<rest>`, lowercased. Applying it twice changes nothing.
 */
export function canonicalSessionKey(
  key: string,
  options: SessionKeySettings & { defaultAgentId?: string } = {},
): string {
  const lower = key.trim().toLowerCase();
  if (lower === GLOBAL_SESSION_KEY || lower === "unknown") return lower;
  const { agentId, rest } = splitSessionKey(lower);
  const owner = agentId ?? options.defaultAgentId ?? DEFAULT_AGENT_ID;
  const mainKey = normalizeSlug(options.mainKey, "main");
  const [first = "", ...thread] = rest.split(/(?=:(?:thread|topic):[^:]+$)/);
  if (first === "" || first === "main" || first === mainKey) {
    return mainSessionKey(owner, options) + (options.scope === "global" ? "" : thread.join(""));
  }
  return agentKey(owner, encodeStray(rest));
}

/** Takes `agent:<id>:` off a key. `agentId` is absent for bare keys. */
export function splitSessionKey(key: string): { agentId?: string; rest: string } {
  const match = /^agent:([^:]*):(.*)$/s.exec(key);
  return match ? { agentId: normalizeAgentId(match[1]), rest: match[2] ?? "" } : { rest: key };
}

function agentKey(agentId: string | undefined, rest: string): string {
  return `agent:${normalizeAgentId(agentId)}:${rest}`;
}

/** Keys that clients made up may hold anything; escapes that are already there stay. */
function encodeStray(rest: string): string {
  const encoded = rest
    .replace(/%(?![0-9a-f]{2}|u[0-9a-f]{4})/g, "%25")
    .replace(/[^a-z0-9+\-@._=!#$&*()',;:%~]/gu, encodeId);
  return encoded.length <= MAX_REST ? encoded : shorten(encoded, rest, MAX_REST - 40);
}
