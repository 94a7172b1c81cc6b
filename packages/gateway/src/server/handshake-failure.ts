import type { RpcErrorCode } from "./rpc-error.ts";

/** A refused handshake: the error of the response and the close that follows it. */
export interface HandshakeFailure {
  ok: false;
  error: { code: RpcErrorCode; message: string; details?: unknown; retryable?: boolean; retryAfterMs?: number };
  closeCode: number;
}

export function refuse(message: string): HandshakeFailure {
  return { ok: false, error: { code: "INVALID_REQUEST", message }, closeCode: 1008 };
}

export function refuseUnpaired(message: string, details?: Record<string, unknown>): HandshakeFailure {
  return { ok: false, error: { code: "NOT_PAIRED", message, ...(details ? { details } : {}) }, closeCode: 1008 };
}

export function refuseVersion(expectedProtocol: number): HandshakeFailure {
  const error = { code: "INVALID_REQUEST", message: "protocol mismatch", details: { expectedProtocol } } as const;
  return { ok: false, error, closeCode: 1002 };
}

export function refuseForNow(message: string, retryAfterMs: number): HandshakeFailure {
  return { ok: false, error: { code: "UNAVAILABLE", message, retryable: true, retryAfterMs }, closeCode: 1008 };
}

/** RFC 6455 leaves 123 bytes for the reason; 120 is what existing clients were seen to receive. */
const MAX_REASON_BYTES = 120;

export function closeReason(text: string): string {
  let reason = text;
  while (Buffer.byteLength(reason) > MAX_REASON_BYTES) reason = reason.slice(0, -1);
  return reason.replace(/[\uD800-\uDBFF]$/, "");
}
