import { OpenClawError } from "@openclaw/core";
import type { Terminal } from "../output/terminal.ts";
import { exitCodes } from "./exit-codes.ts";

/** Codes of connection failures, by what a script wants to tell apart. */
const unreachable = new Set(["CONNECT_FAILED", "CONNECTION_LOST", "CONNECT_TIMEOUT"]);
const unauthorized = new Set(["UNAUTHORIZED", "PAIRING_REQUIRED", "NOT_PAIRED", "DEVICE_REFUSED", "ORIGIN_REFUSED"]);

/** Says what failed and what to do next, in words or as JSON, and gives the exit code. */
export function reportError(error: unknown, terminal: Terminal, json: boolean): number {
  const known = OpenClawError.is(error) ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (json) {
    terminal.out(JSON.stringify({ ok: false, error: { code: known?.code ?? "FAILED", message, ...(known?.hint ? { hint: known.hint } : {}), ...(known?.details ? { details: known.details } : {}) } }, null, 2));
  } else {
    terminal.err(`${terminal.style("red", "error:")} ${message}`);
    if (known?.hint) terminal.err(known.hint);
  }
  if (!known) return exitCodes.failed;
  if (unreachable.has(known.code)) return exitCodes.unreachable;
  return unauthorized.has(known.code) ? exitCodes.unauthorized : exitCodes.failed;
}
