export type { Chat, Inbound, InboundMedia, Quote, Sender } from "./inbound.ts";
export type { Outbound, OutboundMedia, SentRef } from "./outbound.ts";
