export type { Call } from "./call-log.ts";
export { startTelegramEmulator, type TelegramEmulator, type TelegramEmulatorOptions } from "./emulator.ts";
export type { Fault } from "./faults.ts";
export {
  DEFAULT_CHANNEL,
  DEFAULT_FORUM,
  DEFAULT_GROUP,
  type Inject,
  type Injected,
  type InjectedFile,
  type MessageInput,
  type Person,
} from "./inject.ts";
export type { MediaKind } from "./methods/media.ts";
export type { MultipartFile } from "./multipart.ts";
export type { WireChat, WireEntity, WireMessage, WireUpdate, WireUser } from "./wire.ts";
export type { ChatMessage } from "./world.ts";
