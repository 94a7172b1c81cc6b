import { randomBytes } from "node:crypto";
import { formatRpcEnvelope } from "@openclaw/core/reply";
import type { ChatAbortParams, ChatHistoryParams, ChatInjectParams, ChatSendParams } from "@openclaw/protocol/schema";
import { senderAccess } from "../commands/access/sender-access.ts";
import { handleMessage } from "../commands/handle-message.ts";
import { isBareStopWord, isStopWord } from "../commands/stop-words.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { invalidRequest } from "../server/rpc-error.ts";
import type { MethodContext, MethodHandler } from "../server/types.ts";
import { parseAttachments } from "./attachments.ts";

/** What the dashboard and the terminal ask for; the protocol leaves the default open. */
const DEFAULT_HISTORY = 200;

export function chatMethods(context: GatewayContext): Record<string, MethodHandler> {
  const { sessions, engine, broadcast, clock } = context;

  return {
    "chat.history": ({ sessionKey, limit = DEFAULT_HISTORY }: ChatHistoryParams) => {
      const key = sessions.canonical(sessionKey);
      const entry = sessions.entry(key);
      return {
        sessionKey,
        ...(entry ? { sessionId: entry.sessionId } : {}),
        messages: entry ? sessions.history(key, limit) : [],
        thinkingLevel: entry?.thinkingLevel ?? context.config().agents?.defaults?.thinkingDefault ?? "off",
      };
    },

    "chat.send": async (params: ChatSendParams, { client }: MethodContext) => {
      const key = sessions.canonical(params.sessionKey);
      const runId = params.idempotencyKey;
      const text = params.message.trim();
      if (isStopWord(text)) {
        const runIds = engine.abort(key, { reason: "stop" });
        // A bare word with nothing to stop is an answer like any other.
        if (runIds.length > 0 || !isBareStopWord(text)) return { ok: true, aborted: runIds.length > 0, runIds };
      }
      const images = parseAttachments(params.attachments);
      if (text === "" && images.length === 0) throw invalidRequest("message or attachment required");

      const who = {
        sessionKey: key,
        channel: "webchat",
        chatKind: "direct" as const,
        senderId: client.deviceId ?? client.client.id,
        senderName: client.client.displayName,
        owner: client.scopes.includes("operator.admin"),
      };
      const {
        reply,
        forward: body,
        overrides,
      } = await handleMessage(context, {
        ...who,
        text,
        // A repeated request carries out nothing twice.
        authorized: context.store.turns.get(runId) === undefined,
        addressed: true,
        typed: false,
        hasMedia: images.length > 0,
      });
      if (reply) {
        sessions.injectReply(key, reply);
        broadcast.final(
          { runId: body === undefined ? runId : `command-${runId}`, displayKey: params.sessionKey },
          reply,
        );
      }
      if (body === undefined) return { runId, status: "started" };
      if (sessions.sendPolicy(key) === "deny") throw invalidRequest("send blocked by session policy");
      const result = engine.submit({
        runId,
        sessionKey: key,
        displayKey: params.sessionKey,
        agentId: sessions.agentOf(key),
        source: "chat",
        text: formatRpcEnvelope(body, { now: clock.now(), timezone: context.config().agents?.defaults?.userTimezone }),
        body,
        ...(images.length > 0 ? { images } : {}),
        origin: { provider: "webchat", chatType: "direct" },
        sender: senderAccess(who, overrides, context),
        ...(params.deliver ? { route: sessions.lastRoute(key) } : {}),
        ...(overrides.model ? { model: overrides.model } : {}),
        ...(overrides.thinking
          ? { thinking: overrides.thinking }
          : params.thinking
            ? { thinking: params.thinking as never }
            : {}),
        ...(params.timeoutMs ? { timeoutMs: params.timeoutMs } : {}),
      });
      if (result.status !== "done") return { runId, status: result.status };
      return { runId, status: result.row.state === "error" ? "error" : "ok" };
    },

    "chat.abort": ({ sessionKey, runId }: ChatAbortParams) => {
      const key = sessions.canonical(sessionKey);
      const owner = runId === undefined ? key : engine.sessionOf(runId);
      if (owner !== undefined && owner !== key) throw invalidRequest("runId does not match sessionKey");
      const runIds = engine.abort(key, { runId, reason: "rpc" });
      return { ok: true, aborted: runIds.length > 0, runIds };
    },

    "chat.inject": ({ sessionKey, message, label }: ChatInjectParams) => {
      const key = sessions.canonical(sessionKey);
      if (!sessions.entry(key)) throw invalidRequest("session not found");
      const text = label ? `[${label}]\n\n${message}` : message;
      const messageId = sessions.injectReply(key, text) ?? randomBytes(4).toString("hex");
      context.server().broadcast("chat", {
        runId: `inject-${messageId}`,
        sessionKey,
        seq: 0,
        state: "final",
        message: { role: "assistant", content: [{ type: "text", text }], timestamp: clock.now() },
      });
      return { ok: true, messageId };
    },
  };
}
