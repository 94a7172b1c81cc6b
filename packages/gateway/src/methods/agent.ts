import { defaultAgentId } from "@openclaw/core/routing";
import { formatRpcEnvelope } from "@openclaw/core/reply";
import type { AgentIdentityParams, AgentParams, AgentWaitParams } from "@openclaw/protocol/schema";
import type { GatewayContext } from "../gateway-context.ts";
import { RpcError, invalidRequest } from "../server/rpc-error.ts";
import type { MethodContext, MethodHandler } from "../server/types.ts";
import type { ReplyRoute } from "../store/turns.ts";
import type { TurnOutcome } from "../turns/outcome.ts";
import { agentEntries } from "../sessions/agent-entries.ts";
import { parseAttachments } from "./attachments.ts";

const DEFAULT_WAIT_MS = 30_000;
/** Longest a caller is kept waiting for an `agent` run; the run itself goes on. */
const MAX_RUN_MS = 24 * 60 * 60 * 1000;
/** Surfaces that need no channel of their own. */
const internalChannels = ["last", "webchat", "none"];

export function agentMethods(context: GatewayContext): Record<string, MethodHandler> {
  const { sessions, engine, clock } = context;

  function sessionFor(params: AgentParams): string | undefined {
    if (params.sessionKey) return sessions.canonical(params.sessionKey, params.agentId);
    if (params.sessionId)
      return sessions.findBySessionId(params.sessionId) ?? sessions.canonical(params.sessionId, params.agentId);
    if (params.to || params.agentId) return sessions.canonical("main", params.agentId);
    return undefined;
  }

  function routeFor(params: AgentParams, key: string): ReplyRoute | undefined {
    if (!params.deliver) return undefined;
    const target = params.replyTo ?? params.to;
    const channel = params.replyChannel ?? params.channel;
    if (!channel || channel === "last") {
      const last = sessions.lastRoute(key);
      if (last) return target ? { ...last, target } : last;
    }
    const running = context.channels.find(channel ?? "whatsapp", params.replyAccountId ?? params.accountId);
    if (!running) throw new Error(`Unknown channel: ${channel ?? "whatsapp"}`);
    if (!target) throw new Error(`Pass --to or --reply-to to say where on ${running.channel} the reply goes`);
    return { channel: running.channel, account: running.account.id, target };
  }

  return {
    agent: async (params: AgentParams, { client, respond, signal }: MethodContext) => {
      const runId = params.idempotencyKey;
      if (params.agentId && !agentEntries(context.config()).some(({ id }) => id === params.agentId?.toLowerCase())) {
        throw invalidRequest(`invalid agent params: unknown agent id "${params.agentId}"`);
      }
      for (const channel of [params.channel, params.replyChannel]) {
        if (
          channel &&
          !internalChannels.includes(channel) &&
          !context.channels.catalog.some(({ id }) => id === channel)
        ) {
          throw invalidRequest(`invalid agent params: unknown channel: ${channel}`);
        }
      }
      const images = parseAttachments(params.attachments);
      const known = context.store.turns.get(runId);
      respond({ runId, status: "accepted", acceptedAt: known?.createdAt ?? clock.now() });
      try {
        const key = sessionFor(params);
        if (!key && !known) throw new Error("Pass --to <E.164>, --session-id, or --agent to choose a session");
        if (key && !known) {
          engine.submit({
            runId,
            sessionKey: key,
            displayKey: params.sessionKey ?? key,
            agentId: sessions.agentOf(key),
            source: "agent",
            text: formatRpcEnvelope(params.message, {
              now: clock.now(),
              timezone: context.config().agents?.defaults?.userTimezone,
            }),
            body: params.message,
            ...(images.length > 0 ? { images } : {}),
            origin: {
              provider: params.channel && params.channel !== "last" ? params.channel : "webchat",
              chatType: "direct",
            },
            ...(client.scopes.includes("operator.admin")
              ? { sender: { owner: true, refused: "It was asked for through the agent method." } }
              : {}),
            route: routeFor(params, key),
            ...(params.thinking ? { thinking: params.thinking as never } : {}),
            ...(params.timeout ? { timeoutMs: params.timeout * 1000 } : {}),
            ...(params.extraSystemPrompt ? { extraSystemPrompt: params.extraSystemPrompt } : {}),
          });
          if (params.label) sessions.patch(key, { label: params.label });
        }
        const outcome = await engine.waitFor(runId, MAX_RUN_MS, signal);
        if (!outcome) throw new Error("the run did not end in time");
        return finalPayload(runId, outcome);
      } catch (error) {
        if (RpcError.is(error)) throw error;
        const summary = `Error: ${error instanceof Error ? error.message : String(error)}`;
        throw new RpcError({ code: "UNAVAILABLE", message: summary, payload: { runId, status: "error", summary } });
      }
    },

    "agent.wait": async ({ runId, timeoutMs = DEFAULT_WAIT_MS }: AgentWaitParams, { signal }: MethodContext) => {
      const outcome = await engine.waitFor(runId, timeoutMs, signal);
      if (!outcome) return { runId, status: "timeout" };
      const { startedAt, endedAt, error } = outcome;
      const status = outcome.status === "ok" || outcome.status === "aborted" ? "ok" : "error";
      return { runId, status, startedAt, endedAt, ...(error ? { error } : {}) };
    },

    "agent.identity.get": async ({ agentId, sessionKey }: AgentIdentityParams) => {
      const owner = sessionKey ? sessions.agentOf(sessions.canonical(sessionKey)) : undefined;
      if (agentId && owner && owner !== agentId.toLowerCase()) {
        throw invalidRequest(
          `invalid agent.identity.get params: agent "${agentId}" does not own session "${sessionKey}"`,
        );
      }
      const id = agentId ?? owner ?? defaultAgentId(context.config());
      const { name, emoji, avatar } = await sessions.identity(id);
      return { agentId: id, name, avatar: avatar ?? name.slice(0, 1).toUpperCase(), ...(emoji ? { emoji } : {}) };
    },

    "agents.list": async () => {
      const config = context.config();
      const entries = await Promise.all(
        agentEntries(config).map(async ({ id, name }) => {
          const identity = await sessions.identity(id);
          return { id, ...(name ? { name } : {}), ...(Object.keys(identity).length > 0 ? { identity } : {}) };
        }),
      );
      return {
        defaultId: defaultAgentId(config),
        mainKey: config.session?.mainKey ?? "main",
        scope: config.session?.scope ?? "per-sender",
        agents: entries,
      };
    },
  };
}

function finalPayload(runId: string, outcome: TurnOutcome): unknown {
  const { sessionId, provider, model, usage } = outcome;
  const { input, output, cacheRead, cacheWrite, total } = usage;
  return {
    runId,
    status: "ok",
    summary: "completed",
    result: {
      payloads: outcome.payloads.map(({ text, mediaUrls = [] }) => ({
        text,
        mediaUrl: mediaUrls[0] ?? null,
        ...(mediaUrls.length > 0 ? { mediaUrls } : {}),
      })),
      meta: {
        durationMs: outcome.endedAt - outcome.startedAt,
        agentMeta: { sessionId, provider, model, usage: { input, output, cacheRead, cacheWrite, total } },
        aborted: outcome.status === "aborted",
        ...(outcome.promptReport ? { systemPromptReport: outcome.promptReport } : {}),
      },
    },
  };
}
