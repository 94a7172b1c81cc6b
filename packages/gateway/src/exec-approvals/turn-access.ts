import type { ExecAccess } from "@openclaw/agent";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { SessionEntry } from "@openclaw/core/sessions";
import type { TurnOverrides } from "../commands/directives/turn-overrides.ts";
import type { TurnRequest } from "../store/turns.ts";

/** What a message brings for commands, fixed when it comes in: its directives, and whether its sender may go elevated. */
export interface SenderAccess {
  /** An owner, who may change the installation. */
  owner?: boolean;
  /** Why the sender may not; undefined when they may. */
  refused?: string;
  /** `/elevated` inside the message. */
  level?: string;
  /** `/exec` inside the message. */
  exec?: TurnOverrides["exec"];
}

const LEVELS = ["off", "on", "ask", "full"] as const;
const NOBODY = "No person who may use elevated commands asked for this.";

/** The message's directives over the session's, and those over the configuration. Without a sender nothing is elevated. */
export function turnAccess(request: TurnRequest, entry: SessionEntry | undefined, config: OpenClawConfig): ExecAccess {
  const { refused, level, exec } = request.sender ?? { refused: NOBODY };
  const listed = (config.tools?.elevated?.allowFrom?.[request.origin.provider]?.length ?? 0) > 0;
  // Nobody is elevated by default where nobody is listed: the dashboard's owner switches it on for a session.
  const fallback = listed ? (config.agents?.defaults?.elevatedDefault ?? "on") : "off";
  const wanted = level ?? entry?.elevatedLevel ?? fallback;
  const host = exec?.host ?? entry?.execHost;
  const security = exec?.security ?? entry?.execSecurity;
  const ask = exec?.ask ?? entry?.execAsk;
  return {
    ...(host ? { host } : {}),
    ...(security ? { security } : {}),
    ...(ask ? { ask } : {}),
    elevated: { level: LEVELS.find((name) => name === wanted) ?? "off", ...(refused === undefined ? {} : { refused }) },
  };
}

/** Whether one sender may not do what the other may. */
export function mayLess(one: SenderAccess | undefined, other: SenderAccess | undefined): boolean {
  if (other === undefined) return false;
  if (other.owner && !one?.owner) return true;
  return other.refused === undefined && (one === undefined || one.refused !== undefined);
}

/** For several messages that become one turn: what any of them may not, all of them may not. */
export function joinSenders(senders: readonly (SenderAccess | undefined)[]): SenderAccess | undefined {
  const refused = senders.find((sender) => !sender || sender.refused !== undefined);
  if (senders.some((sender) => !sender)) return undefined;
  const owner = senders.every((sender) => sender?.owner);
  return { ...senders[0], owner, ...(refused ? { refused: refused.refused ?? NOBODY } : {}) };
}
