export type { TelegramConfig } from "./account/config.ts";
export { channel } from "./channel.ts";
export type { TelegramTarget } from "./target.ts";
