export { type Clock, systemClock } from "./clock.ts";
export { OpenClawError, type OpenClawErrorOptions } from "./error.ts";
export { type Log, type LogLevel, silentLog } from "./log.ts";
export type { Chat, Inbound, InboundMedia, Outbound, OutboundMedia, Quote, Sender, SentRef } from "./message/index.ts";
