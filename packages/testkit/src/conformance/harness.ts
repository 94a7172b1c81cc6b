import type { Account, ChannelDefinition } from "@openclaw/plugin-sdk";

export interface Written {
  where: "direct" | "group" | "thread";
  text: string;
  /** The platform marks the bot as addressed. */
  mention?: boolean;
  /** Id of an earlier message that is answered. */
  answerTo?: string;
  media?: { data: Uint8Array; mimeType: string; fileName: string };
  senderName?: string;
}

/** A message as the people in a chat see it. */
export interface SeenMessage {
  messageId: string;
  /** Without markup. */
  text: string;
  hasMedia: boolean;
  replyTo?: string;
  /** Emoji the bot has set. */
  reactions: readonly string[];
}

/** What goes wrong with the next send. `lost-answer`: the message stands, the bot never learns it. */
export type SendFailure =
  | { type: "rate-limited"; retryAfterMs: number }
  | { type: "forbidden" }
  | { type: "lost-request" }
  | { type: "lost-answer" };

/** The platform's side of a conversation, usually an emulator. */
export interface PlatformSide {
  /** Somebody writes to the bot. Resolves when the platform has taken it. */
  write(message: Written): Promise<{ messageId: string }>;
  /** Delivers the newest event once more. Absent on platforms that never do. */
  redeliverLast?(): void;
  /** Events the bot has not acknowledged. */
  unacknowledged(): number;
  /** What stands at a target now, oldest first. */
  seen(target: string): SeenMessage[];
  failNextSend(failure: SendFailure): void;
  refuseConnections(): Promise<void>;
  acceptConnections(): Promise<void>;
  dropConnections(): Promise<unknown>;
  /** No event reaches the bot any more, while sending works. */
  stopDelivering(): void;
  resumeDelivering(): void;
  /** Connections from the bot that are open now. */
  openConnections(): number;
}

/** One channel and a platform for it, made afresh for every case. */
export interface ChannelHarness<Config, Target> {
  definition: ChannelDefinition<Config, Target>;
  account: Account<Config>;
  /** The same account with credentials the platform refuses. */
  refusedAccount: Account<Config>;
  /** Texts that must never show in logs, errors or health. */
  secrets: readonly string[];
  /** The module users import, and packages that importing it must not load. */
  module: { url: string; lazy: readonly string[] };
  platform: PlatformSide;
  close(): Promise<void>;
}

/** What a case needs to know of a harness, whatever its types. */
export type AnyHarness = ChannelHarness<unknown, unknown>;
