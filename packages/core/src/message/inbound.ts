/** Where a message was written. `kind` decides access policy and session key. */
export interface Chat {
  kind: "direct" | "group" | "channel";
  /** The platform's id of the conversation, as a string. In a direct chat: the peer's id. */
  id: string;
  title?: string;
  /** Thread or topic inside the chat, when the platform has them. */
  threadId?: string;
  threadTitle?: string;
  /** Chat the thread hangs under, when threads are chats of their own. */
  parentId?: string;
  guildId?: string;
  teamId?: string;
}

export interface Sender {
  /** The platform's id of the person, as a string. */
  id: string;
  /** Display name. Untrusted: never rendered without escaping. */
  name?: string;
  /** Handle without `@`. */
  username?: string;
  isBot?: boolean;
}

/** A file that came with a message. Bytes are fetched later through `Connection.fetchMedia(ref)`. */
export interface InboundMedia {
  kind: "image" | "audio" | "voice" | "video" | "document" | "sticker";
  /** Opaque to everybody but the channel that made it. JSON-safe string. */
  ref: string;
  mimeType?: string;
  fileName?: string;
  /** Bytes, when the platform says so. */
  size?: number;
}

export interface Quote {
  messageId?: string;
  text?: string;
  senderName?: string;
  /** True when the quoted message is the bot's own: counts as a mention. */
  fromSelf?: boolean;
}

/** One thing that happened on a platform, as a channel hands it to the gateway. Plain JSON: it is stored as is. */
export interface Inbound {
  /** The same for every redelivery of this event, unique within the account. E.g. Telegram `update:<id>`. */
  key: string;
  kind: "message" | "edit" | "reaction";
  /** Reply address, made by the channel's `target.encode`. Fixed here; nothing later may change it. */
  target: string;
  chat: Chat;
  sender: Sender;
  messageId: string;
  /** Epoch ms at which the platform says it was written. */
  timestamp: number;
  /** Plain text as the person wrote it, mentions of the bot included. Empty for media without a caption. */
  text: string;
  media?: InboundMedia[];
  /** Messages sharing this id are one album and are joined before routing. */
  albumId?: string;
  /**
   * Set for text on platforms whose clients cut long texts into several messages. `sequence` grows by one from part to
   * part; `full` says that this text is long enough to have been cut, so that a part may follow.
   */
  part?: { sequence: number; full: boolean };
  quote?: Quote;
  forwardedFrom?: string;
  /** True when the platform itself marked the bot as addressed (mention entity, command suffixed with our name). */
  mentioned?: boolean;
  /** False when the platform cannot tell mentions apart; mention gating is then not enforced. Default true. */
  canDetectMention?: boolean;
  /** Set when the person used a native command menu: the command text with leading `/`. */
  command?: string;
  /** For kind `reaction`: what changed on `messageId`. */
  reaction?: { emoji: string; added: boolean; onSelf?: boolean };
}
