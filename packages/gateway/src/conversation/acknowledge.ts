import type { OpenClawConfig } from "@openclaw/core/config";
import { ackEmoji, wantsAck } from "@openclaw/core/reply";
import type { Inbound } from "@openclaw/core";
import type { RunningAccount } from "../channels/running-account.ts";

const TIMEOUT_MS = 10_000;

export interface AckOptions {
  config: OpenClawConfig;
  message: Inbound;
  mentioned: boolean;
  mentionRequired: boolean;
  identityEmoji?: string;
}

/** Puts the "seen" reaction on a message, as far as the configuration wants one. It is a courtesy: failures are ignored. */
export function acknowledge(
  account: RunningAccount | undefined,
  { config, message, mentioned, mentionRequired, identityEmoji }: AckOptions,
): void {
  const emoji = ackEmoji(config.messages?.ackReaction, identityEmoji);
  const scope = config.messages?.ackReactionScope;
  const { connection } = account ?? {};
  if (!emoji || !connection?.react) return;
  if (!wantsAck(scope, { direct: message.chat.kind === "direct", mentionRequired, mentioned })) return;
  connection.react(message.target, message.messageId, emoji, AbortSignal.timeout(TIMEOUT_MS)).catch(() => {});
}
