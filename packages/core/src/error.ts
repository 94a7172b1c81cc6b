const marker = Symbol.for("openclaw.error");

export interface OpenClawErrorOptions {
  /** Stable upper-case identifier, e.g. `CONFIG_INVALID`. Scripts match on it; never reword it. */
  code: string;
  /** One sentence: what failed, naming the key, file, port or id. Never a secret. */
  message: string;
  /** One sentence: what the reader does next. Shown on its own line. */
  hint?: string;
  /** Plain data for `--json` and logs. Never a secret. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * The base of every error that OpenClaw raises on purpose.
 *
 * Check with `OpenClawError.is(error)` rather than `instanceof`: the marker survives two installed copies of a package.
 */
export class OpenClawError extends Error {
  override readonly name: string = "OpenClawError";
  readonly code: string;
  readonly hint?: string;
  readonly details?: Record<string, unknown>;
  readonly [marker] = true;

  constructor({ code, message, hint, details, cause }: OpenClawErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    if (hint !== undefined) this.hint = hint;
    if (details !== undefined) this.details = details;
  }

  static is(value: unknown): value is OpenClawError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
