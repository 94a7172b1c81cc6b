import { OpenClawError } from "@openclaw/core";
import type { Terminal } from "../output/terminal.ts";
import { clean } from "../output/clean.ts";
import { exitCodes } from "./exit-codes.ts";

const byCode: Readonly<Record<string, number>> = {
  USAGE: exitCodes.usage,
  INTERRUPTED: exitCodes.interrupted,
  GATEWAY_UNREACHABLE: exitCodes.unreachable,
  GATEWAY_DISCONNECTED: exitCodes.unreachable,
  GATEWAY_HANDSHAKE_TIMEOUT: exitCodes.unreachable,
  GATEWAY_AUTH_REFUSED: exitCodes.unauthorized,
  GATEWAY_PAIRING_REQUIRED: exitCodes.unauthorized,
  GATEWAY_INSECURE_URL: exitCodes.usage,
  GATEWAY_URL_INVALID: exitCodes.usage,
  NOT_PAIRED: exitCodes.unauthorized,
};

export function exitCodeOf(error: unknown): number {
  if (!OpenClawError.is(error)) return exitCodes.failed;
  if (error.message.startsWith("missing scope:")) return exitCodes.unauthorized;
  return byCode[error.code] ?? exitCodes.failed;
}

/** Says what failed and what to do next, in words or as JSON, and gives the exit code. */
export function reportError(
  error: unknown,
  terminal: Terminal,
  { json, debug = false }: { json: boolean; debug?: boolean },
): number {
  const known = OpenClawError.is(error) ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (json) {
    const { code = "FAILED", hint, details } = known ?? {};
    terminal.json({ ok: false, error: { code, message, ...(hint ? { hint } : {}), ...(details ? { details } : {}) } });
  } else {
    terminal.err(`${terminal.style("red", "error:")} ${lines(message)}`);
    if (known?.hint) terminal.err(lines(known.hint));
    else if (!known) terminal.err("This is not a failure openclaw foresaw. OPENCLAW_DEBUG=1 shows where it happened.");
  }
  if (debug && error instanceof Error && error.stack) terminal.err(error.stack);
  return exitCodeOf(error);
}

/** Messages may quote what others wrote; line breaks of our own stay. */
const lines = (text: string) => text.split("\n").map(clean).join("\n");
