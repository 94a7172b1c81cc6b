import os from "node:os";
import type { Clock } from "../clock.ts";
import type { Log, LogLevel } from "../log.ts";
import { consoleLine, type ConsoleStyle, type LogRecord } from "./console-line.ts";
import { createLogWriter } from "./log-writer.ts";
import { createRedactor, type Redactor } from "./redactor.ts";

export interface LogOptions {
  /** Path for lines written now, asked for each batch: `dailyLogPath` rolls, a constant does not. */
  file: () => string;
  /** Least level that goes to the file. Default `info`. */
  level?: LogLevel;
  /** Least level that goes to the console. Default `info`. */
  consoleLevel?: LogLevel;
  /** Default `pretty`. */
  consoleStyle?: ConsoleStyle;
  /** Gets each console line without its line break. Absent: no console. */
  consoleWrite?: (line: string, level: LogLevel) => void;
  /** ANSI colours on the console. Default false. */
  color?: boolean;
  clock: Clock;
  /** Default: `createRedactor()`. */
  redact?: Redactor;
  /** Subsystem of the log itself; children are `<this>/<name>`. Default `openclaw`. */
  subsystem?: string;
}

/** A log that ends in a file. */
export interface FileLog extends Log {
  fatal(message: string, fields?: Record<string, unknown>): void;
  setLevels(levels: { level?: LogLevel; consoleLevel?: LogLevel }): void;
  /** Everything logged so far is on the file afterwards, if the disk lets it. */
  flush(): void;
  close(): void;
}

const ids: Record<LogLevel, number> = { trace: 1, debug: 2, info: 3, warn: 4, error: 5, fatal: 6 };

/**
 * Writes JSON lines that log readers of existing installations know: `"0"` subsystem, `"1"` message, `"2"` fields,
 * `_meta`, `time`. Lines go out in batches, those from `error` on at once, the rest at the latest when the process
 * exits. Secrets are masked before anything is written. Never throws, also on a full disk.
 */
export function createLog(options: LogOptions): FileLog {
  const { clock, consoleWrite, consoleStyle = "pretty", color = false, subsystem: root = "openclaw" } = options;
  const redact = options.redact ?? createRedactor();
  const least = { file: options.level ?? "info", console: options.consoleLevel ?? "info" };
  const meta = { runtime: "node", runtimeVersion: process.versions.node, hostname: os.hostname() };
  const writer = createLogWriter({
    file: options.file,
    clock,
    onFailure: (sentence) => {
      const failure: LogRecord = { level: "error", subsystem: "log", message: sentence, time: clock.now() };
      consoleWrite?.(consoleStyle === "json" ? toJson(failure) : consoleLine(failure, consoleStyle, color), "error");
    },
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
      if (toConsole)
        consoleWrite(consoleStyle === "json" ? toJson(entry) : consoleLine(entry, consoleStyle, color), level);
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
    ...logFor(root),
    child: (name) => logFor(root === "openclaw" ? name : `${root}/${name}`),
    setLevels({ level, consoleLevel }) {
      least.file = level ?? least.file;
      least.console = consoleLevel ?? least.console;
    },
    flush: writer.flush,
    close() {
      process.off("exit", writer.flush);
      writer.close();
    },
  };
}
