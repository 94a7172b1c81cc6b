import { splitSessionKey } from "../sessions/session-key.ts";
import type { ReasonCode } from "./decision.ts";

export interface SendPolicy {
  default?: "allow" | "deny";
  rules?: readonly {
    action: "allow" | "deny";
    match?: { channel?: string; chatType?: string; keyPrefix?: string };
  }[];
}

export interface SendFacts {
  policy: SendPolicy | undefined;
  /** The session entry's own setting (`/send`). */
  session?: "allow" | "deny";
  sessionKey: string;
  channel?: string;
  chatType?: "direct" | "group" | "channel";
}

/** Whether replies of a session are delivered: the session's own setting, then the first deny, then the default. */
export function decideSend({ policy, session, sessionKey, channel, chatType }: SendFacts): {
  allowed: boolean;
  reason: ReasonCode;
} {
  if (session) return { allowed: session === "allow", reason: "send-session" };
  const matching = (policy?.rules ?? []).filter(({ match = {} }) => {
    if (match.channel !== undefined && match.channel.toLowerCase() !== channel?.toLowerCase()) return false;
    if (match.chatType !== undefined && chatTypeName(match.chatType) !== chatType) return false;
    const prefix = match.keyPrefix?.toLowerCase();
    return prefix === undefined || sessionKey.startsWith(prefix) || splitSessionKey(sessionKey).rest.startsWith(prefix);
  });
  const denied = matching.some((rule) => rule.action === "deny");
  const allowed = !denied && (matching.length > 0 || (policy?.default ?? "allow") === "allow");
  return { allowed, reason: allowed ? "send-allowed" : "send-denied" };
}

/** `room` is the configuration's word for a channel, `dm` for a direct chat. */
const chatTypeName = (name: string) => (name === "room" ? "channel" : name === "dm" ? "direct" : name);
