import type { Tool } from "@openclaw/plugin-sdk/tool";
import { type SessionLookup, findSession } from "./find-session.ts";
import { historyMessages } from "./history-messages.ts";
import { jsonResult } from "./json-result.ts";

interface Params {
  sessionKey?: string;
  label?: string;
  agentId?: string;
  limit?: number;
  includeTools?: boolean;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 200;

export function createSessionsHistoryTool(context: SessionLookup): Tool<Params & Record<string, unknown>> {
  return {
    name: "sessions_history",
    label: "Session history",
    description: "Read the last messages of another conversation.",
    parameters: {
      type: "object",
      properties: {
        sessionKey: { type: "string" },
        label: { type: "string", description: "Instead of sessionKey" },
        agentId: { type: "string", description: "Whose session the label names" },
        limit: { type: "integer", minimum: 1, maximum: MAX_LIMIT },
        includeTools: { type: "boolean", description: "Tool calls and results too" },
      },
    },
    replay: "safe",
    execute({ limit = DEFAULT_LIMIT, includeTools = false, ...wanted }, { sessionKey }) {
      const key = findSession(context, sessionKey, wanted);
      // Between two messages that are shown, there may be many of tools.
      const stored = context.sessions.history(key, includeTools ? limit : limit * 8);
      return Promise.resolve(
        jsonResult({ sessionKey: key, messages: historyMessages(stored, { limit, includeTools }) }),
      );
    },
  };
}
