import { localTime } from "../zoned-time.ts";
import type { LogLevel } from "../log.ts";

export type ConsoleStyle = "pretty" | "compact" | "json";

export interface LogRecord {
  level: LogLevel;
  subsystem: string;
  message: string;
  fields?: Record<string, unknown>;
  /** Epoch ms. */
  time: number;
}

const colors: Record<LogLevel, string> = {
  trace: "90",
  debug: "90",
  info: "36",
  warn: "33",
  error: "31",
  fatal: "31;1",
};

/**
 * A record as a person reads it. `pretty`: local time, subsystem, message, fields; `compact`: level and message alone.
 * Control characters of strangers are shown, not obeyed; further lines are indented, so that none can pass for ours.
 */
export function consoleLine(record: LogRecord, style: "pretty" | "compact", color: boolean): string {
  const paint = (code: string, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const message = harmless(record.message);
  const fields = record.fields ? formatFields(record.fields) : "";
  const code = colors[record.level];
  if (style === "compact") {
    const tag = record.level === "info" ? "" : `${record.level.toUpperCase()} `;
    return `${paint(code, tag)}${message}${fields === "" ? "" : ` ${paint("90", fields)}`}`;
  }
  const { hour, minute, second } = localTime(record.time);
  const time = [hour, minute, second].map((part) => String(part).padStart(2, "0")).join(":");
  const level = record.level === "info" ? "" : `${paint(code, record.level.toUpperCase())} `;
  return `${paint("90", time)} ${level}${paint(code, `[${harmless(record.subsystem)}]`)} ${message}${fields === "" ? "" : ` ${paint("90", fields)}`}`;
}

function formatFields(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        `${harmless(key)}=${harmless(typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : (JSON.stringify(value) ?? ""))}`,
    )
    .join(" ");
}

function harmless(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) =>
      character === "\n" || character === "\t"
        ? character
        : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    .replaceAll("\n", "\n    ");
}
