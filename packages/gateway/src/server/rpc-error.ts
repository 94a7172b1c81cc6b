const marker = Symbol.for("openclaw.rpc-error");

/** The wire's closed list of codes. */
export type RpcErrorCode = "INVALID_REQUEST" | "UNAVAILABLE" | "NOT_PAIRED" | "NOT_LINKED" | "AGENT_TIMEOUT";

export interface RpcErrorOptions {
  code: RpcErrorCode;
  /** Sent as it is: no secrets, and stable where clients match on it. */
  message: string;
  details?: unknown;
  retryable?: boolean;
  retryAfterMs?: number;
  /** Sent beside the error (`agent` answers a failed run with both). */
  payload?: unknown;
}

/** A refusal with a shape: thrown by a method handler, sent to the caller as `error`. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: RpcErrorCode;
  readonly details?: unknown;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly payload?: unknown;
  readonly [marker] = true;

  constructor({ code, message, details, retryable, retryAfterMs, payload }: RpcErrorOptions) {
    super(message);
    this.code = code;
    if (details !== undefined) this.details = details;
    if (retryable !== undefined) this.retryable = retryable;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (payload !== undefined) this.payload = payload;
  }

  static is(value: unknown): value is RpcError {
    return typeof value === "object" && value !== null && marker in value;
  }
}

export function invalidRequest(message: string, details?: unknown): RpcError {
  return new RpcError({ code: "INVALID_REQUEST", message, details });
}

export function unavailable(message: string, details?: unknown): RpcError {
  return new RpcError({ code: "UNAVAILABLE", message, details });
}
