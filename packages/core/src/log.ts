export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

/** Structured log of one subsystem. Secrets in `fields` or `message` are masked by the sink. */
export interface Log {
  trace(message: string, fields?: Record<string, unknown>): void;
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** A log whose subsystem is `<this>/<name>`. */
  child(name: string): Log;
}

const nothing = () => {};
export const silentLog: Log = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
};
