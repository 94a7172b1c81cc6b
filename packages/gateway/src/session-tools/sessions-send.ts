import { OpenClawError } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { TurnEngine } from "../turns/engine.ts";
import { askTurn, isExchangeToken } from "./exchange.ts";
import { type SessionLookup, findSession } from "./find-session.ts";
import { jsonResult } from "./json-result.ts";

interface Params {
  sessionKey?: string;
  label?: string;
  agentId?: string;
  message: string;
  timeoutSeconds?: number;
}

export interface SessionsSendOptions extends SessionLookup {
  engine: TurnEngine;
  callId(context: { sessionKey: string; toolCallId: string }, params: unknown): string;
}

const DEFAULT_TIMEOUT_S = 30;
const DEFAULT_ROUNDS = 5;

export function createSessionsSendTool(context: SessionsSendOptions): Tool<Params & Record<string, unknown>> {
  const { engine, sessions, config, callId } = context;
  return {
    name: "sessions_send",
    label: "Message to a session",
    description: "Send a message to another session and wait for its answer.",
    parameters: {
      type: "object",
      required: ["message"],
      properties: {
        sessionKey: { type: "string" },
        label: { type: "string", description: "Instead of sessionKey" },
        agentId: { type: "string", description: "Whose session the label names" },
        message: { type: "string", minLength: 1 },
        timeoutSeconds: { type: "number", minimum: 0, description: "Default 30; 0 does not wait" },
      },
    },
    replay: "safe",
    async execute(params, { sessionKey: requesterKey, toolCallId, signal }) {
      const targetKey = findSession(context, requesterKey, params);
      if (targetKey === requesterKey) {
        throw new OpenClawError({
          code: "SESSION_IS_OWN",
          message: "This is your own session.",
          hint: "Say it in your answer, or name another session.",
        });
      }
      const { message, timeoutSeconds = DEFAULT_TIMEOUT_S } = params;
      const runId = callId({ sessionKey: requesterKey, toolCallId }, params);
      const maxRounds = config().session?.agentToAgent?.maxPingPongTurns ?? DEFAULT_ROUNDS;
      const request = askTurn(runId, { requesterKey, targetKey, message, step: "ask", round: 0, maxRounds }, sessions);
      engine.submit(request);
      const facts = { runId, sessionKey: targetKey };
      if (timeoutSeconds === 0) return jsonResult({ status: "accepted", ...facts });
      const outcome = await engine.waitFor(runId, timeoutSeconds * 1000, signal);
      if (!outcome)
        return jsonResult({
          status: "timeout",
          ...facts,
          note: "It goes on working; its answer comes to you as a message.",
        });
      if (outcome.status !== "ok")
        return jsonResult({ status: "error", ...facts, error: outcome.error ?? outcome.status });
      const reply = outcome.payloads
        .map(({ text }) => text)
        .join("\n\n")
        .trim();
      return jsonResult({ status: "ok", ...facts, reply: isExchangeToken(request, reply) ? "" : reply });
    },
  };
}
