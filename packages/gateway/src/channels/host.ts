import type { Clock, Inbound, Log } from "@openclaw/core";
import type { ChannelHost } from "@openclaw/plugin-sdk/channel";
import type { Inbox, InboxRow } from "../store/inbox.ts";
import { type KeyValueStore, channelStore } from "../store/key-value.ts";

export interface HostOptions {
  channel: string;
  account: string;
  inbox: Inbox;
  values: KeyValueStore;
  clock: Clock;
  log: Log;
  /** A stored event that was not seen before: decide on it. Must not throw. */
  accepted(row: InboxRow): void;
  healthChanged(): void;
  /** A conversation has another id now. */
  chatMoved(from: string, to: string): Promise<void>;
}

/** Longest text that is kept of one message; platforms stay far below it. */
const MAX_TEXT = 1_000_000;

/** The world as one channel account sees it. */
export function createChannelHost(options: HostOptions): ChannelHost {
  const { channel, account, inbox, clock, log } = options;
  return {
    accountId: account,
    log,
    clock,
    store: channelStore(options.values, channel, account),
    healthChanged: options.healthChanged,
    chatMoved: options.chatMoved,
    async receive(message) {
      const problem = malformed(message);
      if (problem) {
        log.warn(`malformed event refused: ${problem}`, { key: (message?.key ?? "").slice(0, 200) });
        return "refused";
      }
      const row = inbox.accept(channel, account, message, clock.now());
      if (!row) return "duplicate";
      options.accepted(row);
      return "accepted";
    },
  };
}

/** Why an event cannot be taken, or undefined. A channel's mistake must not reach the message path. */
function malformed(message: Inbound): string | undefined {
  const text = (value: unknown) => typeof value === "string" && value.length > 0;
  if (typeof message !== "object" || message === null) return "not an object";
  if (!text(message.key)) return "no key";
  if (!["message", "edit", "reaction"].includes(message.kind)) return `unknown kind ${message.kind as string}`;
  if (!text(message.target)) return "no target";
  if (!text(message.chat?.id)) return "no chat id";
  if (!["direct", "group", "channel"].includes(message.chat.kind))
    return `unknown chat kind ${message.chat.kind as string}`;
  if (!text(message.sender?.id)) return "no sender id";
  if (!text(message.messageId)) return "no message id";
  if (typeof message.text !== "string") return "text is not a string";
  if (message.text.length > MAX_TEXT) return `text is longer than ${MAX_TEXT} characters`;
  if (!Number.isFinite(message.timestamp)) return "no timestamp";
  return undefined;
}
