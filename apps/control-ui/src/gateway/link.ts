import type { Store } from "../store/store.ts";
import type { Refusal } from "./refusal.ts";

/** The part of `hello-ok` that the page uses. */
export interface Hello {
  serverVersion: string;
  host?: string;
  /** Uptime when the hello was sent, ms. */
  uptimeMs: number;
  /** Epoch ms of this browser when the hello arrived. */
  receivedAt: number;
  /** Largest frame the gateway takes, bytes. */
  maxPayload: number;
  mainSessionKey: string;
  defaultAgentId: string;
}

/** Where the page stands with its gateway. */
export type LinkStatus =
  /** Nothing to sign in with, or the gateway refused; `refusal` says why. */
  | { phase: "signed-out"; refusal?: Refusal }
  /** First connection is being made; `trouble` says why it takes longer, as a sentence. */
  | { phase: "connecting"; trouble?: string }
  | { phase: "ready"; hello: Hello }
  /** Was signed in, the connection is gone and is being made again. */
  | { phase: "offline"; hello: Hello };

export interface GatewayEvent {
  event: string;
  payload: unknown;
}

/** What the rooms of the page need from a gateway connection. */
export interface GatewayLink {
  readonly status: Store<LinkStatus>;
  /**
   * Rejects with `RequestRefused` when the gateway answered no, and with any other error when it could not be asked or
   * the answer was lost.
   */
  request(method: string, params: Record<string, unknown>): Promise<unknown>;
  onEvent(listener: (event: GatewayEvent) => void): () => void;
  /** Events were missed, or the connection is new: what is shown has to be read again. */
  onStale(listener: () => void): () => void;
  /** Connects with what the browser has kept. Called once, when the page is up. */
  start(): void;
  signIn(credentials: { token?: string; password?: string }): void;
  signOut(): void;
  /** Tries to connect now instead of at the end of the waiting time. */
  retryNow(): void;
}

/** The gateway answered a request with an error. */
export class RequestRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "RequestRefused";
    this.code = code;
  }
}
