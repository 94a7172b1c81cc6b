import type { Clock, Inbound, InboundMedia, Log, Outbound, SentRef } from "@openclaw/core";

/** What the platform can do, as plain data. A method on `Connection` exists exactly when its flag here is true. */
export interface Capabilities {
  edit: boolean;
  remove: boolean;
  react: boolean;
  typing: boolean;
  threads: boolean;
  /** What a group's threads are called in session keys. Default `thread`. */
  threadKind?: "thread" | "topic";
  /** Kinds of media that `send` takes. Empty when the platform takes none. */
  media: readonly ("image" | "audio" | "voice" | "video" | "document")[];
  /** The platform shows a command menu; `setCommands` fills it. */
  nativeCommands: boolean;
  /** The platform shows a draft bubble that is not a message; `draft` fills it. */
  drafts: boolean;
  /** The platform deduplicates sends by our key: an unknown outcome may be retried with the same `Outbound.id`. */
  idempotentSend: boolean;
  polls: boolean;
  /** Receives through HTTP requests on the gateway's port; `handle` answers them. */
  webhook: boolean;
}

export interface Limits {
  /** Longest text of one message, in UTF-16 units of rendered text. */
  text: number;
  /** Longest caption under media, same units. */
  caption: number;
  /** Largest upload in bytes. */
  mediaBytes: number;
  /** Shortest time between edits of one message, ms. */
  editIntervalMs: number;
  /** Shortest time between drafts of one turn, ms, where they may come faster than edits. Default: `editIntervalMs`. */
  draftIntervalMs?: number;
  /** Soft cap of lines a message, where clients fold longer ones. */
  lines?: number;
}

/** One direction's liveness. Times are epoch ms. */
export interface Liveness {
  state: "idle" | "connecting" | "up" | "down";
  /** When this direction last proved itself (a poll that returned, a send that was accepted). */
  lastOkAt?: number;
  lastError?: string;
}

/** Inbound and outbound apart: a bot that can send may still be deaf. Answered from memory, never by a request. */
export interface Health {
  inbound: Liveness;
  outbound: Liveness;
  /** Restarts of the inbound side since `open`. */
  reconnects: number;
  /** Who we are on the platform, once known, e.g. `@my_bot`. */
  identity?: string;
  /** Sentence that names the fix when something needs a person (token revoked, intent missing). */
  problem?: string;
}

/** A command for the platform's native menu. `name` matches `[a-z0-9_]{1,32}`. */
export interface NativeCommand {
  name: string;
  description: string;
}

/** Small durable key-value store scoped to one account. Values are JSON. Writes are on disk when they resolve. */
export interface ChannelStore {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The only ways a channel touches the world. Made by the gateway, one for each open account. */
export interface ChannelHost {
  accountId: string;
  /**
   * Hands one event to the gateway. Resolves when it is durable; acknowledge the platform only then. `duplicate` means
   * an earlier delivery is already stored: acknowledge too. `refused` means the event is malformed and was logged:
   * acknowledge, it will never be taken. Rejects when it could not be stored: do not acknowledge.
   */
  receive(message: Inbound): Promise<"accepted" | "duplicate" | "refused">;
  /**
   * The platform gave a conversation another address (a Telegram group became a supergroup). `from` and `to` are
   * `Chat.id`s. Resolves when it is durable. The channel itself keeps sending to the new address by either name.
   */
  chatMoved?(from: string, to: string): Promise<void>;
  /** Call whenever `health()` would answer differently. */
  healthChanged(): void;
  log: Log;
  clock: Clock;
  store: ChannelStore;
}

/**
 * A running account. Every method may be called concurrently; none may block for longer than its signal allows.
 */
export interface Connection {
  /**
   * Sends one platform message and resolves when the platform has accepted it. Fails only with `ChannelError`.
   * Never retries after a request was written, unless `capabilities.idempotentSend`.
   */
  send(target: string, message: Outbound, signal: AbortSignal): Promise<SentRef>;
  /**
   * Webhook platforms: answers one HTTP request whose path the gateway matched. Must verify its authenticity. Answers
   * 2xx only after `host.receive` resolved, so that the platform repeats what could not be stored.
   */
  handle?(request: Request): Promise<Response>;
  /** Path on the gateway's port whose requests `handle` answers. Absent while the account does not use a webhook. */
  readonly webhookPath?: string;
  edit?(target: string, messageId: string, text: string, signal: AbortSignal): Promise<void>;
  remove?(target: string, messageId: string, signal: AbortSignal): Promise<void>;
  /** Sets our reaction; an empty `emoji` takes it away. */
  react?(target: string, messageId: string, emoji: string, signal: AbortSignal): Promise<void>;
  /** Shows "typing" once; the gateway repeats it. Failures are ignored. */
  typing?(target: string, signal: AbortSignal): Promise<void>;
  /**
   * Shows or replaces the draft of this turn. `draftId` is a positive integer, constant within a turn. Rejects with kind
   * `invalid` where this chat shows no drafts: stop drafting for the turn.
   */
  draft?(target: string, draftId: number, text: string, signal: AbortSignal): Promise<void>;
  /** Opens the bytes of an inbound file. Rejects when it is gone or larger than `maxBytes`. */
  fetchMedia?(
    media: InboundMedia,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<{ data: Uint8Array; mimeType?: string }>;
  setCommands?(commands: readonly NativeCommand[], signal: AbortSignal): Promise<void>;
  /** Asks the platform who we are, for `channels status --probe`. Rejects with `ChannelError`. */
  probe?(signal: AbortSignal): Promise<{ identity: string }>;
  health(): Health;
  /** Stops receiving, lets running sends finish, frees sockets. Idempotent; must settle within 5 s. */
  close(): Promise<void>;
}

export interface ChannelDefinition<Config, Target> {
  id: string;
  apiVersion: 1;
  capabilities: Capabilities;
  limits: Limits;
  target: {
    /** A string a person can read in a log and type in the CLI, e.g. `-100123:topic:7`. */
    encode(target: Target): string;
    /** Throws `OpenClawError` code `TARGET_INVALID`, saying what a valid target looks like. */
    decode(text: string): Target;
  };
  /** Brings an allowlist entry or sender id to the form both are compared in, e.g. `tg:123` to `123`. */
  normalizeId(id: string): string;
  /**
   * The accounts a configuration section names, with account values merged over the section's. Pure: reads nothing but
   * its arguments. `env` carries the variables the platform is known for (e.g. `TELEGRAM_BOT_TOKEN`).
   */
  accounts(section: unknown, env: Readonly<Record<string, string | undefined>>): Account<Config>[];
  /**
   * Connects one account. Resolves as soon as sending is possible; receiving may still be starting and says so in
   * `health()`. Rejects with `ChannelError` kind `auth` on refused credentials. The platform library is imported here
   * and nowhere else. When `signal` aborts, the connection closes itself.
   */
  open(account: Account<Config>, host: ChannelHost, signal: AbortSignal): Promise<Connection>;
}

export interface Account<Config> {
  id: string;
  name?: string;
  enabled: boolean;
  /** False when something required (a token) is missing; `problem` says what. */
  configured: boolean;
  problem?: string;
  /** Where the credential came from: shown by `channels status`, e.g. `config`, `env`, `tokenFile`. */
  tokenSource?: string;
  config: Config;
}
