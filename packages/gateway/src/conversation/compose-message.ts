import type { Inbound } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import {
  type PendingMessage,
  formatEnvelope,
  forwardedBlock,
  fromLabel,
  quoteBlock,
  withMessageHints,
  withPendingHistory,
} from "@openclaw/core/reply";

export interface ComposeOptions {
  message: Inbound;
  /** As people call the platform: `Telegram`. */
  channelLabel: string;
  /** Last activity of the session, epoch ms. */
  previousAt?: number;
  /** What a group said since the last answer. */
  pending: readonly PendingMessage[];
  /** Lines about attached files. */
  mediaNote: string;
  config: OpenClawConfig;
}

/** What the model reads of a channel's message: envelope, context, quote, words, files, hints. */
export function composeMessage({
  message,
  channelLabel,
  previousAt,
  pending,
  mediaNote,
  config,
}: ComposeOptions): string {
  const { chat, sender, quote, forwardedFrom, timestamp } = message;
  const isGroup = chat.kind !== "direct";
  const name = senderName(message);
  const from = isGroup ? fromLabel({ name: chat.title, id: chat.id }) : fromLabel({ name, id: sender.id });
  const options = envelopeOptions(config);
  const body = [
    mediaNote,
    forwardedFrom && forwardedBlock(forwardedFrom),
    quote && quoteBlock({ sender: quote.senderName, messageId: quote.messageId, text: quote.text ?? "" }),
    message.text,
  ];
  const facts = { channel: channelLabel, from, timestamp, previousAt, body: body.filter(Boolean).join("\n") };
  const envelope = formatEnvelope({ ...facts, ...(isGroup ? { sender: name } : {}) }, options);
  const text = withMessageHints(envelope, { ...(isGroup ? { from: name } : {}), messageId: message.messageId });
  if (pending.length === 0) return text;
  const lines = pending.map((line) =>
    formatEnvelope(
      { channel: channelLabel, from, timestamp: line.timestamp, sender: line.sender, body: line.text },
      options,
    ),
  );
  return withPendingHistory(lines, text);
}

export const senderName = ({ sender }: Inbound): string => sender.name ?? sender.username ?? sender.id;

function envelopeOptions(config: OpenClawConfig) {
  const defaults = config.agents?.defaults;
  return {
    timezone: defaults?.envelopeTimezone,
    userTimezone: defaults?.userTimezone,
    timestamp: defaults?.envelopeTimestamp !== "off",
    elapsed: defaults?.envelopeElapsed !== "off",
  };
}
