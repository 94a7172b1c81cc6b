export interface OutboundMedia {
  kind: "image" | "audio" | "voice" | "video" | "document";
  /** Absolute path of a readable file. The gateway has already fetched remote media through its egress guard. */
  path: string;
  mimeType: string;
  fileName: string;
}

/** One platform message to send. The gateway has already split text to the channel's limits. */
export interface Outbound {
  /**
   * Ledger id, stable across restarts and retries. A platform with idempotency keys derives its key from this and
   * nothing else.
   */
  id: string;
  /** Markdown. The channel renders it to the platform's own format, and resends as plain text if that is refused. */
  text?: string;
  media?: OutboundMedia;
  /** Message to quote or thread under. */
  replyTo?: string;
  /** No notification sound, where the platform can. */
  silent?: boolean;
}

export interface SentRef {
  /** The platform's id of the message that now exists. */
  messageId: string;
}
