import type { Clock } from "@openclaw/core";
import { type SessionEntry, parseSessionKey } from "@openclaw/core/sessions";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { type SessionLookup, reach } from "./find-session.ts";
import { historyMessages } from "./history-messages.ts";
import { jsonResult } from "./json-result.ts";

interface Params {
  kinds?: string[];
  limit?: number;
  activeMinutes?: number;
  messageLimit?: number;
}

const KINDS = ["main", "direct", "group", "cron", "hook", "node", "subagent", "other"] as const;
const DEFAULT_LIMIT = 50;
const MAX_MESSAGES = 20;

/** Fields of an entry that say what a session is and how it stands. */
const FIELDS = [
  "label",
  "displayName",
  "subject",
  "channel",
  "chatType",
  "spawnedBy",
  "updatedAt",
  "sessionId",
  "modelProvider",
  "model",
  "totalTokens",
  "contextTokens",
  "thinkingLevel",
  "abortedLastRun",
  "lastChannel",
  "lastTo",
  "lastAccountId",
] as const satisfies readonly (keyof SessionEntry)[];

export function createSessionsListTool(
  context: SessionLookup & { clock: Clock },
): Tool<Params & Record<string, unknown>> {
  const { sessions, clock, config } = context;
  return {
    name: "sessions_list",
    label: "Sessions",
    description: "List conversations, newest first, with their keys, labels and last use.",
    parameters: {
      type: "object",
      properties: {
        kinds: { type: "array", items: { type: "string", enum: [...KINDS] } },
        limit: { type: "integer", minimum: 1, maximum: 200 },
        activeMinutes: { type: "integer", minimum: 1, description: "Only those used since" },
        messageLimit: {
          type: "integer",
          minimum: 0,
          maximum: MAX_MESSAGES,
          description: "Also the last messages of each",
        },
      },
    },
    replay: "safe",
    execute({ kinds = [], limit = DEFAULT_LIMIT, activeMinutes, messageLimit = 0 }, { sessionKey }) {
      const wanted = (key: string) => kinds.length === 0 || kinds.includes(kindOf(key, config().session?.mainKey));
      const rows = sessions.list({
        limit,
        activeSince: activeMinutes === undefined ? undefined : clock.now() - activeMinutes * 60_000,
        includeUnknown: false,
        where: (key) => wanted(key) && reach(context, sessionKey, key).allowed,
      });
      const list = rows.map(({ key, entry }) => ({
        key,
        kind: kindOf(key, config().session?.mainKey),
        ...Object.fromEntries(FIELDS.flatMap((field) => (entry[field] === undefined ? [] : [[field, entry[field]]]))),
        ...(messageLimit > 0
          ? {
              messages: historyMessages(sessions.history(key, messageLimit * 4), {
                limit: Math.min(messageLimit, MAX_MESSAGES),
                includeTools: false,
              }),
            }
          : {}),
      }));
      return Promise.resolve(jsonResult({ count: list.length, sessions: list }));
    },
  };
}

function kindOf(key: string, mainKey: string | undefined): (typeof KINDS)[number] {
  const { kind } = parseSessionKey(key, mainKey);
  if (kind === "global") return "main";
  if (kind === "channel") return "group";
  return KINDS.find((name) => name === kind) ?? "other";
}
