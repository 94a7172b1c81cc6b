import type { TurnResult } from "@openclaw/agent";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { ChannelManager } from "../channels/manager.ts";
import type { TurnRequest } from "../store/turns.ts";
import type { ShapedReply } from "../turns/engine.ts";
import { splitReply } from "./split-reply.ts";

export interface ShapeOptions {
  config: OpenClawConfig;
  channels: ChannelManager;
}

export function shapeReply(request: TurnRequest, { payloads }: Pick<TurnResult, "payloads">, { channels }: ShapeOptions): ShapedReply {
  const text = payloads.map((payload) => payload.text).filter(Boolean).join("\n\n");
  if (text === "") return { rows: [], text: undefined };
  const { route, runId, sessionKey } = request;
  const running = route && channels.find(route.channel, route.account);
  if (!route) return { rows: [], text };
  const parts = running ? splitReply({ text, limits: running.definition.limits, config: running.account.config }) : [text];
  return {
    text,
    rows: parts.map((part, seq) => ({
      turnId: runId,
      seq,
      sessionKey,
      channel: route.channel,
      account: route.account,
      target: route.target,
      purpose: "reply" as const,
      message: { text: part, ...(route.replyTo && (seq === 0 || route.replyToMode === "all") ? { replyTo: route.replyTo } : {}) },
    })),
  };
}
