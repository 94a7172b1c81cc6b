export interface TransportErrorOptions {
  /**
   * `connect`: the request provably never reached the platform. `exchange`: it may have.
   * `refused`: an answer came, a 4xx that is not the Bot API's JSON.
   */
  phase: "connect" | "exchange" | "refused";
  /** Without URL: it would hold the token. */
  message: string;
  status?: number;
}

/** What the network or something between us and the platform did to a request. Never carries a URL or token. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly phase: TransportErrorOptions["phase"];
  readonly status?: number;

  constructor({ phase, message, status }: TransportErrorOptions) {
    super(message);
    this.phase = phase;
    if (status !== undefined) this.status = status;
  }
}

/**
 * Whether an error of a Node socket was raised before a connection stood. With `autoSelectFamily` the attempts come as
 * one AggregateError.
 */
export function isConnectFailure(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isConnectFailure);
  if (!(error instanceof Error)) return false;
  const syscall = "syscall" in error ? error.syscall : undefined;
  const code = "code" in error ? String(error.code) : "";
  return (
    syscall === "connect" ||
    syscall === "getaddrinfo" ||
    /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/.test(code)
  );
}
