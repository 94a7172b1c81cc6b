import { decodeId } from "./key-segment.ts";
import { normalizeSlug } from "./agent-id.ts";
import { GLOBAL_SESSION_KEY, splitSessionKey } from "./session-key.ts";

interface Threaded {
  threadId?: string;
  threadKind?: "thread" | "topic";
}

/** What a session key says. Ids are decoded; those that were too long for a key come back shortened. */
export type ParsedSessionKey =
  | { kind: "global" }
  | ({ kind: "main"; agentId: string } & Threaded)
  | ({ kind: "direct"; agentId: string; channel?: string; accountId?: string; peerId: string } & Threaded)
  | ({ kind: "group" | "channel"; agentId: string; channel: string; peerId: string } & Threaded)
  | { kind: "cron"; agentId: string; jobId: string; runSessionId?: string }
  | { kind: "hook" | "subagent" | "acp"; agentId: string; id: string }
  | { kind: "http"; agentId: string; api: string; requestId?: string; user?: string }
  | { kind: "slash"; agentId: string; channel: string; userId: string }
  | { kind: "node"; agentId: string; nodeId: string }
  | { kind: "other"; agentId: string; name: string };

/** Reads a canonical or bare key. Never throws: what fits no rule is `other`. `mainKey` as configured. */
export function parseSessionKey(key: string, mainKey?: string): ParsedSessionKey {
  const lower = key.trim().toLowerCase();
  if (lower === GLOBAL_SESSION_KEY) return { kind: "global" };
  const { agentId = "main", rest } = splitSessionKey(lower);

  const special = parseSpecial(agentId, rest);
  if (special) return special;

  const { body, ...thread } = splitThread(rest);
  if (body === "main" || body === normalizeSlug(mainKey, "main")) return { kind: "main", agentId, ...thread };
  let match = /^dm:(.+)$/s.exec(body);
  if (match) return { kind: "direct", agentId, peerId: decoded(match[1]), ...thread };
  match = /^([^:]+):slash:(.+)$/s.exec(rest);
  if (match) return { kind: "slash", agentId, channel: decoded(match[1]), userId: decoded(match[2]) };
  match = /^([^:]+):(dm|group|channel):(.+)$/s.exec(body);
  if (match) {
    const found = { agentId, channel: decoded(match[1]), peerId: decoded(match[3]), ...thread };
    if (match[2] === "dm") return { kind: "direct", ...found };
    return { kind: match[2] === "group" ? "group" : "channel", ...found };
  }
  match = /^([^:]+):([^:]+):dm:(.+)$/s.exec(body);
  if (match) {
    const [, channel, accountId, peerId] = match;
    return {
      kind: "direct",
      agentId,
      channel: decoded(channel),
      accountId: decoded(accountId),
      peerId: decoded(peerId),
      ...thread,
    };
  }
  return { kind: "other", agentId, name: rest };
}

function parseSpecial(agentId: string, rest: string): ParsedSessionKey | undefined {
  let match = /^cron:([^:]+)(?::run:(.+))?$/s.exec(rest);
  if (match) {
    return { kind: "cron", agentId, jobId: decoded(match[1]), ...(match[2] && { runSessionId: decoded(match[2]) }) };
  }
  match = /^(hook|subagent|acp):(.+)$/s.exec(rest);
  if (match) {
    const kind = match[1] === "hook" || match[1] === "acp" ? match[1] : "subagent";
    return { kind, agentId, id: decoded(match[2]) };
  }
  match = /^(openai|openresponses)(-user)?:(.+)$/s.exec(rest);
  if (match) {
    const id = decoded(match[3]);
    return { kind: "http", agentId, api: match[1] ?? "", ...(match[2] ? { user: id } : { requestId: id }) };
  }
  match = /^node-(.+)$/s.exec(rest);
  return match ? { kind: "node", agentId, nodeId: decoded(match[1]) } : undefined;
}

function splitThread(rest: string): { body: string } & Threaded {
  const match = /^(.+):(thread|topic):([^:]+)$/s.exec(rest);
  if (!match) return { body: rest };
  return { body: match[1] ?? "", threadKind: match[2] === "topic" ? "topic" : "thread", threadId: decoded(match[3]) };
}

const decoded = (text: string | undefined) => decodeId(text ?? "");
