export type {
  Account,
  Capabilities,
  ChannelDefinition,
  ChannelHost,
  ChannelStore,
  Connection,
  Health,
  Limits,
  Liveness,
  NativeCommand,
} from "./definition.ts";
export { ChannelError, type ChannelErrorKind, type ChannelErrorOptions } from "./error.ts";
export type { Chat, Inbound, InboundMedia, Outbound, OutboundMedia, Quote, Sender, SentRef } from "@openclaw/core";
