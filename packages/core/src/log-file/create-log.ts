import os from "node:os";
import { type Clock, systemClock } from "../clock.ts";
import type { Log, LogLevel } from "../log.ts";
import { consoleLine, type ConsoleStyle, type LogRecord } from "./console-line.ts";
import { dailyLogPath, pruneDailyLogs } from "./log-path.ts";
import { createLogWriter } from "./log-writer.ts";
import { createRedactor, type Redactor } from "./redactor.ts";

/** `logging.level`; `silent` writes nothing. */
export type LogThreshold = LogLevel | "silent";

export interface LogOptions {
  /** Folder of the daily files `openclaw-YYYY-MM-DD.log`. Those older than 24 hours are deleted now. */
  dir: string;
  /** `logging.file`: one file instead of daily ones. Nothing is deleted then. */
  file?: string;
  /** Least level that goes to the file. Default `info`. */
  level?: LogThreshold;
  console?: {
    /** Least level that is shown. Default `info`. */
    level?: LogThreshold;
    /** Default `pretty`. */
    style?: ConsoleStyle;
    /** ANSI colours. Default false. */
    color?: boolean;
    /** Gets each line without its line break. */
    write: (line: string, level: LogLevel) => void;
  };
  /** Default: the machine's. */
  clock?: Clock;
  /** Default: `createRedactor()`. */
  redact?: Redactor;
}

/** A log that ends in a file. */
export interface FileLog extends Log {
  fatal(message: string, fields?: Record<string, unknown>): void;
  /** The file that lines written now go to. */
  file(): string;
  setLevels(levels: { level?: LogThreshold; consoleLevel?: LogThreshold }): void;
  /** Everything logged so far is on the file afterwards, if the disk lets it. */
  flush(): void;
  /** Flushes and lets the file go. */
  close(): Promise<void>;
}

const ids: Record<LogThreshold, number> = { trace: 1, debug: 2, info: 3, warn: 4, error: 5, fatal: 6, silent: 7 };

/**
 * Writes JSON lines that log readers of existing installations know: `"0"` subsystem, `"1"` message, `"2"` fields,
 * `_meta`, `time`. Lines go out in batches, those from `error` on at once, the rest at the latest when the process
 * exits. Secrets are masked before anything is written. Never throws, also on a full disk.
 */
export function createLog(options: LogOptions): FileLog {
  const { clock = systemClock, redact = createRedactor() } = options;
  const { write: consoleWrite, style = "pretty", color = false } = options.console ?? {};
  const least = { file: options.level ?? "info", console: options.console?.level ?? "info" };
  const file = () => options.file ?? dailyLogPath(options.dir, clock.now());
  if (options.file === undefined) pruneDailyLogs(options.dir, clock.now());
  const meta = { runtime: "node", runtimeVersion: process.versions.node, hostname: os.hostname() };
  const show = (entry: LogRecord) =>
    consoleWrite?.(style === "json" ? toJson(entry) : consoleLine(entry, style, color), entry.level);
  const writer = createLogWriter({
    file,
    clock,
    onFailure: (message) => show({ level: "error", subsystem: "log", message, time: clock.now() }),
  });
  process.on("exit", writer.flush);

  function toJson({ level, subsystem, message, fields, time }: LogRecord): string {
    const date = new Date(time).toISOString();
    const name = JSON.stringify({ subsystem });
    return JSON.stringify({
      0: name,
      1: message,
      ...(fields && { 2: fields }),
      _meta: {
        ...meta,
        name,
        parentNames: ["openclaw"],
        date,
        logLevelId: ids[level],
        logLevelName: level.toUpperCase(),
      },
      time: date,
    });
  }

  function record(level: LogLevel, subsystem: string, message: string, fields?: Record<string, unknown>): void {
    const toFile = ids[level] >= ids[least.file];
    const toConsole = consoleWrite !== undefined && ids[level] >= ids[least.console];
    if (!toFile && !toConsole) return;
    try {
      const clean = fields && redact.value(fields);
      const entry: LogRecord = {
        level,
        subsystem,
        message: redact.text(message),
        time: clock.now(),
        ...(typeof clean === "object" && clean !== null && Object.keys(clean).length > 0 && { fields: { ...clean } }),
      };
      if (toFile) writer.write(toJson(entry), ids[level] >= ids.error);
      if (toConsole) show(entry);
    } catch {
      // A log that fails must not take down what it reports on.
    }
  }

  const logFor = (subsystem: string): Log & Pick<FileLog, "fatal"> => ({
    trace: (message, fields) => record("trace", subsystem, message, fields),
    debug: (message, fields) => record("debug", subsystem, message, fields),
    info: (message, fields) => record("info", subsystem, message, fields),
    warn: (message, fields) => record("warn", subsystem, message, fields),
    error: (message, fields) => record("error", subsystem, message, fields),
    fatal: (message, fields) => record("fatal", subsystem, message, fields),
    child: (name) => logFor(`${subsystem}/${name}`),
  });

  return {
    ...logFor("openclaw"),
    child: logFor,
    file,
    setLevels({ level, consoleLevel }) {
      least.file = level ?? least.file;
      least.console = consoleLevel ?? least.console;
    },
    flush: writer.flush,
    close() {
      process.off("exit", writer.flush);
      writer.close();
      return Promise.resolve();
    },
  };
}
