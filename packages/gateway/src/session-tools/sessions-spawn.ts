import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { SpawnOrder, Subagents } from "../subagents/subagents.ts";
import { jsonResult } from "./json-result.ts";

export interface SessionsSpawnOptions {
  subagents: Subagents;
  /** Names what a call brings about, the same again when the call is run again. */
  callId(context: { sessionKey: string; toolCallId: string }, params: unknown): string;
}

export function createSessionsSpawnTool({
  subagents,
  callId,
}: SessionsSpawnOptions): Tool<SpawnOrder & Record<string, unknown>> {
  return {
    name: "sessions_spawn",
    label: "Sub-agent",
    description:
      "Hand a task to a sub-agent that works in the background in a session of its own. Returns at once; the result comes to you later as a message, so do not wait or poll for it.",
    parameters: {
      type: "object",
      required: ["task"],
      properties: {
        task: {
          type: "string",
          minLength: 1,
          description: "Everything it must know: it sees nothing of this conversation",
        },
        label: { type: "string", maxLength: 64 },
        agentId: { type: "string", description: "Another agent (agents_list)" },
        model: { type: "string", description: "provider/model or alias" },
        thinking: { type: "string", enum: ["off", "minimal", "low", "medium", "high", "xhigh"] },
        runTimeoutSeconds: { type: "number", minimum: 0, description: "0: the usual limit" },
        cleanup: {
          type: "string",
          enum: ["keep", "delete"],
          description: "delete: archive its session after the result",
        },
      },
    },
    replay: "safe",
    async execute(order, { sessionKey, toolCallId, signal }) {
      const runId = callId({ sessionKey, toolCallId }, order);
      const { childSessionKey } = await subagents.spawn(order, { requesterKey: sessionKey, runId, signal });
      return jsonResult({ status: "accepted", childSessionKey, runId });
    },
  };
}
