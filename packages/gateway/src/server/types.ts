import type { Clock, Log } from "@openclaw/core";

/** Who is on the other side of an authenticated WebSocket. */
export interface ConnectedClient {
  connId: string;
  role: "operator" | "node";
  /** Granted scopes; `operator.admin` implies all others. */
  scopes: readonly string[];
  /** Capabilities the client declared, e.g. `tool-events`. */
  caps: readonly string[];
  client: { id: string; mode: string; version: string; platform: string; displayName?: string; instanceId?: string };
  deviceId?: string;
  /** Peer is this machine, judged as protocol.md §1.2 says; never by the peer address alone. */
  isLocal: boolean;
}

export interface MethodContext {
  client: ConnectedClient;
  /** Sends an earlier response with the same request id (two-stage methods); the handler's return value is the last. */
  respond(payload: unknown): void;
  /** Aborts when the socket closes or the gateway stops. */
  signal: AbortSignal;
}

/**
 * One RPC method. `params` has been validated by the protocol's schema and the caller's scope checked before it is
 * called. Throw `RpcError` for a shaped refusal; any other error becomes `UNAVAILABLE` with `String(error)`.
 */
export type MethodHandler = (params: never, context: MethodContext) => unknown;

export interface BroadcastOptions {
  /** A slow client misses it instead of being closed. Default false. */
  droppable?: boolean;
  /** Attach the current state versions (`presence` and `health` events). */
  stateVersion?: boolean;
  /** Only clients that hold this scope (or admin). Default: every client that may read. */
  scope?: string;
}

/** What the rest of the gateway sees of its sockets. */
export interface GatewayServer {
  /** The port in use, after listening. */
  readonly port: number;
  readonly urls: readonly string[];
  broadcast(event: string, payload: unknown, options?: BroadcastOptions): void;
  /** To one connection, without a sequence number. False when it is gone. */
  sendTo(connId: string, event: string, payload: unknown): boolean;
  clients(): readonly ConnectedClient[];
  /** Closes the sockets of a device (one role, or all) after a revocation. */
  disconnectDevice(deviceId: string, role?: string): void;
  /** Announces `shutdown`, closes every socket with 1012 "service restart" and stops listening. */
  close(reason: "stopping" | "restarting"): Promise<void>;
}

/** Dependencies that the server is given, not made by it. */
export interface ServerDependencies {
  methods: ReadonlyMap<string, MethodHandler>;
  log: Log;
  clock: Clock;
}
