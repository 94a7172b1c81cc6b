export type { ConnectionEnd } from "./connection.ts";
export * from "./gateway-client.ts";
export * from "./options.ts";
export type { SequenceGap } from "./sequence.ts";
export * from "../device/index.ts";
export * from "../gateway-error.ts";
