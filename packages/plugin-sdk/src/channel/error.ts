import { OpenClawError } from "@openclaw/core";

const marker = Symbol.for("openclaw.channel-error");

/**
 * What went wrong, as far as the gateway acts on it:
 * - `rate-limited`: try again after `retryAfterMs`.
 * - `unavailable`: network or platform trouble; try again with backoff.
 * - `auth`: credentials refused; sending stops until they change.
 * - `forbidden`: this chat refuses us (blocked, kicked, no rights); do not retry.
 * - `not-found`: the chat or message does not exist; do not retry.
 * - `invalid`: the platform will never accept this payload; do not retry.
 */
export type ChannelErrorKind = "rate-limited" | "unavailable" | "auth" | "forbidden" | "not-found" | "invalid";

export interface ChannelErrorOptions {
  kind: ChannelErrorKind;
  message: string;
  /** Milliseconds the platform asked us to wait. */
  retryAfterMs?: number;
  /**
   * `not-sent`: the platform provably did not accept it (request never written, or an answer that refuses it).
   * `unknown`: the request left and no answer came; a retry may double it.
   */
  outcome: "not-sent" | "unknown";
  cause?: unknown;
}

/** The only error `Connection.send` may fail with. */
export class ChannelError extends OpenClawError {
  override readonly name = "ChannelError";
  readonly kind: ChannelErrorKind;
  readonly retryAfterMs?: number;
  readonly outcome: "not-sent" | "unknown";
  readonly [marker] = true;

  constructor({ kind, message, retryAfterMs, outcome, cause }: ChannelErrorOptions) {
    super({ code: `CHANNEL_${kind.toUpperCase().replace("-", "_")}`, message, cause });
    this.kind = kind;
    this.outcome = outcome;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }

  static override is(value: unknown): value is ChannelError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
