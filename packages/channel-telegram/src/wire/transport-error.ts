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
