import type { ExecAccess } from "@openclaw/agent";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { SessionEntry } from "@openclaw/core/sessions";
import type { TurnRequest } from "../store/turns.ts";
import { NOBODY } from "./sender-access.ts";

const LEVELS = ["off", "on", "ask", "full"] as const;

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
