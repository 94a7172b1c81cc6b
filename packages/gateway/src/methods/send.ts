import type { SendParams } from "@openclaw/protocol/schema";
import type { GatewayContext } from "../gateway-context.ts";
import { RpcError, invalidRequest } from "../server/rpc-error.ts";
import type { MethodHandler } from "../server/types.ts";
import { splitReply } from "../delivery/split-reply.ts";

export function sendMethods(context: GatewayContext): Record<string, MethodHandler> {
  const { channels, deliverer, store, sessions } = context;

  return {
    /** Repeats with the same key find their rows in the ledger, also after a restart. */
    send: async (params: SendParams) => {
      const { idempotencyKey: runId, channel: id = "whatsapp", message } = params;
      if (params.mediaUrl || params.mediaUrls?.length)
        throw invalidRequest("media is not available on send yet: send text");
      const running = channels.find(id, params.accountId || undefined);
      if (!running) throw invalidRequest(`unsupported channel: ${id}`);
      const target = running.definition.target.encode(running.definition.target.decode(params.to));
      const rows = splitReply({ text: message, limits: running.definition.limits, config: running.account.config }).map(
        (text, seq) => ({
          turnId: `send:${runId}`,
          seq,
          sessionKey: params.sessionKey ? sessions.canonical(params.sessionKey) : undefined,
          channel: running.channel,
          account: running.account.id,
          target,
          purpose: "reply" as const,
          message: { text },
        }),
      );
      store.database.transaction(() => deliverer.enqueue(rows));
      const settled = await Promise.all(rows.map(({ seq }) => deliverer.settled(`send:${runId}:${seq}`)));
      const failed = settled.find(({ state }) => state !== "sent");
      if (failed) {
        const what = failed.state === "unknown" ? "the answer was lost: it may or may not have arrived" : failed.error;
        throw new RpcError({
          code: "UNAVAILABLE",
          message: `Error: not delivered to ${id}: ${what}`,
          details: { state: failed.state },
        });
      }
      if (params.sessionKey) sessions.mirrorSent(sessions.canonical(params.sessionKey), message);
      return {
        runId,
        channel: id,
        to: target,
        messageId: settled.at(-1)?.messageId,
        messageIds: settled.map(({ messageId }) => messageId),
      };
    },
  };
}
