const marker = Symbol.for("openclaw.error");

export interface GatewayErrorOptions {
  /** A `GATEWAY_*` code of the client, or the `error.code` that the gateway sent. */
  code: string;
  message: string;
  /** What the reader does next. */
  hint?: string;
  /** The socket's close code, when a close caused the error. */
  closeCode?: number;
  /** `error.details` of the gateway, or plain data about the failure. */
  details?: unknown;
  retryable?: boolean;
  retryAfterMs?: number;
  /** What a failed two-stage run answered beside its error. */
  payload?: unknown;
  cause?: unknown;
}

/**
 * Every failure that the client reports. It carries the marker of OpenClaw's coded errors, so that
 * `OpenClawError.is` (in `@openclaw/core`) accepts it although this package depends on nothing.
 *
 * Codes of the client itself: `GATEWAY_URL_INVALID`, `GATEWAY_INSECURE_URL`, `GATEWAY_UNREACHABLE`,
 * `GATEWAY_HANDSHAKE_TIMEOUT`, `GATEWAY_HANDSHAKE_INVALID`, `GATEWAY_AUTH_REFUSED`, `GATEWAY_PAIRING_REQUIRED`,
 * `GATEWAY_PROTOCOL_MISMATCH`, `GATEWAY_REFUSED`, `GATEWAY_DISCONNECTED`, `GATEWAY_CLOSED`,
 * `GATEWAY_REQUEST_TIMEOUT`, `GATEWAY_REQUEST_TOO_LARGE`. Codes of the gateway: `ERROR_CODES`.
 */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: string;
  readonly hint?: string;
  readonly closeCode?: number;
  readonly details?: unknown;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly payload?: unknown;
  readonly [marker] = true;

  constructor({ code, message, cause, ...rest }: GatewayErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    Object.assign(this, rest);
  }

  /** True for a `GatewayError` of any installed copy of this package. */
  static is(value: unknown): value is GatewayError {
    return value instanceof Error && marker in value && value.name === "GatewayError";
  }
}
