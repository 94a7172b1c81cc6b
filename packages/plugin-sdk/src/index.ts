export * from "./channel/index.ts";
export * from "./tool/index.ts";
export {
  type Clock,
  type Log,
  type LogLevel,
  OpenClawError,
  type OpenClawErrorOptions,
  systemClock,
} from "@openclaw/core";
