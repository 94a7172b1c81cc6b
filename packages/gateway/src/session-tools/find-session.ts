import { OpenClawError } from "@openclaw/core";
import { normalizeAgentId } from "@openclaw/core/sessions";
import type { GatewayContext } from "../gateway-context.ts";
import { agentEntries } from "../sessions/agent-entries.ts";
import { mayReach } from "./reach.ts";

export type SessionLookup = Pick<GatewayContext, "config" | "sessions">;

/** Whether the session `from` may see and write to `key`, both canonical. */
export function reach({ config, sessions }: SessionLookup, from: string, key: string) {
  return mayReach({
    from: { key: from, agentId: sessions.agentOf(from) },
    to: { key, agentId: sessions.agentOf(key), entry: sessions.entry(key) },
    config: config(),
  });
}

/**
 * The canonical key of the session that a tool call names. Throws when there is none, or when the caller may not know
 * of it.
 */
export function findSession(
  context: SessionLookup,
  from: string,
  wanted: { sessionKey?: string; label?: string; agentId?: string },
): string {
  const { sessions, config } = context;
  const agentId = wanted.agentId ? normalizeAgentId(wanted.agentId) : sessions.agentOf(from);
  const key = wanted.sessionKey
    ? sessions.canonical(wanted.sessionKey, agentId)
    : labelled(context, agentId, wanted.label);
  const { allowed, reason } = reach(context, from, key);
  if (!allowed) {
    throw new OpenClawError({
      code: "SESSION_NOT_ALLOWED",
      message: `The session ${key} cannot be reached from here: ${reason}.`,
      hint: "sessions_list shows those that can.",
    });
  }
  const owner = sessions.agentOf(key);
  const isMain = key === sessions.canonical("main", owner) && agentEntries(config()).some(({ id }) => id === owner);
  if (!sessions.entry(key) && !isMain) throw unknown(`There is no session ${key}.`);
  return key;
}

function labelled({ sessions }: SessionLookup, agentId: string, label: string | undefined): string {
  if (!label) throw unknown("No session was named.");
  const [row] = sessions.list({ agentId, label, limit: 1 });
  if (!row) throw unknown(`Agent ${agentId} has no session labelled "${label}".`);
  return row.key;
}

const unknown = (message: string) =>
  new OpenClawError({
    code: "SESSION_UNKNOWN",
    message,
    hint: "Name one by sessionKey or label; sessions_list shows which there are.",
  });
