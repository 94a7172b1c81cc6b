import { createLog, createRedactor, type FileLog, type LogThreshold } from "@openclaw/core/log";
import type { CommandContext } from "../command-line/command.ts";
import type { Installation } from "./installation.ts";

export interface GatewayLogOptions {
  verbose: boolean;
  /** Values that must not appear in it, whatever a line says. */
  secrets: readonly (string | undefined)[];
}

const levels: readonly string[] = ["silent", "trace", "debug", "info", "warn", "error", "fatal"];

/**
 * The gateway's log: a file that rolls by day (unless `logging.file` names one), and lines for the person who watches.
 * `--verbose`, then `OPENCLAW_LOG_LEVEL`, then the configuration.
 */
export function openGatewayLog(
  { paths, loaded }: Installation,
  { terminal, env }: Pick<CommandContext, "terminal" | "env">,
  { verbose, secrets }: GatewayLogOptions,
): FileLog {
  const logging = loaded.config.logging;
  const asked = verbose ? "debug" : loaded.env.OPENCLAW_LOG_LEVEL?.toLowerCase();
  const redact = createRedactor({ mode: logging?.redactSensitive, patterns: logging?.redactPatterns });
  for (const secret of secrets) if (secret) redact.register(secret);
  return createLog({
    dir: paths.logDir,
    file: logging?.file ? paths.expand(logging.file) : undefined,
    level: threshold(asked ?? logging?.level),
    console: {
      level: threshold(asked ?? logging?.consoleLevel),
      style: logging?.consoleStyle ?? "pretty",
      color: process.stderr.isTTY && !env.NO_COLOR,
      write: terminal.err,
    },
    redact,
  });
}

const threshold = (word: string | undefined): LogThreshold =>
  word !== undefined && levels.includes(word) ? (word as LogThreshold) : "info";
