import { consoleLine, type LogRecord } from "@openclaw/core/log";
import { clean } from "./clean.ts";

const levels: readonly string[] = ["trace", "debug", "info", "warn", "error", "fatal"];

/** A line of the log file as the gateway's console would have shown it; what cannot be read is shown as it is. */
export function formatLogLine(line: string, { color }: { color: boolean }): string {
  const record = readRecord(line);
  return record ? consoleLine(record, "pretty", color) : clean(line);
}

function readRecord(line: string): LogRecord | undefined {
  let data: Record<string, unknown>;
  try {
    data = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { _meta: meta } = data as { _meta?: { logLevelName?: string } };
  const time = Date.parse(String(data.time));
  const level = (meta?.logLevelName ?? "info").toLowerCase();
  if (Number.isNaN(time) || !levels.includes(level)) return undefined;
  // Older writers leave the subsystem out: the first argument is the message then.
  const subsystem = subsystemOf(data["0"]);
  const [message, fields] = subsystem === undefined ? [data["0"], data["1"]] : [data["1"], data["2"]];
  return {
    level: level as LogRecord["level"],
    subsystem: subsystem ?? "openclaw",
    message: typeof message === "string" ? message : JSON.stringify(message ?? ""),
    ...(typeof fields === "object" && fields !== null ? { fields: fields as Record<string, unknown> } : {}),
    time,
  };
}

function subsystemOf(name: unknown): string | undefined {
  if (typeof name !== "string" || !name.startsWith("{")) return undefined;
  try {
    const { subsystem, module } = JSON.parse(name) as { subsystem?: string; module?: string };
    return subsystem ?? module;
  } catch {
    return undefined;
  }
}
