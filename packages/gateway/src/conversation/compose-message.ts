import type { Inbound } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { formatEnvelope, fromLabel, withMessageHints } from "@openclaw/core/reply";
import type { PendingMessage } from "./group-history.ts";

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
export function composeMessage({ message, channelLabel, previousAt, pending, mediaNote, config }: ComposeOptions): string {
  const { chat, sender, quote, forwardedFrom, timestamp } = message;
  const defaults = config.agents?.defaults;
  const isGroup = chat.kind !== "direct";
  const name = sender.name ?? sender.username ?? sender.id;
  const body = [
    mediaNote,
    forwardedFrom && `[Forwarded from ${oneLine(forwardedFrom)}]`,
    message.text,
    quote && `[Replying to ${oneLine(quote.senderName ?? "an earlier message")}${quote.messageId ? ` id:${quote.messageId}` : ""}]\n${quote.text ?? ""}\n[/Replying]`,
  ].filter(Boolean);
  const envelope = formatEnvelope(
    {
      channel: channelLabel,
      from: isGroup ? fromLabel({ name: chat.title, id: chat.id }) : fromLabel({ name, id: sender.id }),
      timestamp,
      previousAt,
      ...(isGroup ? { sender: name } : {}),
      body: body.join("\n"),
    },
    {
      timezone: defaults?.envelopeTimezone,
      userTimezone: defaults?.userTimezone,
      timestamp: defaults?.envelopeTimestamp !== "off",
      elapsed: defaults?.envelopeElapsed !== "off",
    },
  );
  const text = withMessageHints(envelope, { ...(isGroup ? { from: name } : {}), messageId: message.messageId });
  if (pending.length === 0) return text;
  const earlier = pending.map((line) => `${oneLine(line.sender)}: ${line.text}`).join("\n");
  return `[Chat messages since your last reply - for context]\n${earlier}\n\n[Current message - respond to this]\n${text}`;
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").replaceAll("[", "(").replaceAll("]", ")").slice(0, 120);
