import type { Clock, Log } from "@openclaw/core";

/** Who is on the other side of an authenticated WebSocket. */
export interface ConnectedClient {
  connId: string;
  role: "operator" | "node";
  /** Granted scopes; `operator.admin` implies all others. Empty for nodes. */
  scopes: readonly string[];
  /** Capabilities the client declared, e.g. `tool-events`. */
  caps: readonly string[];
  client: {
    id: string;
    mode: string;
    version: string;
    platform: string;
    displayName?: string;
    instanceId?: string;
    deviceFamily?: string;
    modelIdentifier?: string;
  };
  /** What a node says it can do; as sent, not filtered. */
  commands?: readonly string[];
  permissions?: Readonly<Record<string, boolean>>;
  pathEnv?: string;
  deviceId?: string;
  /** Peer is this machine, judged as protocol.md §1.2 says; never by the peer address alone. */
  isLocal: boolean;
  /** Client address; behind a trusted proxy the one that the proxy saw. */
  ip: string;
  connectedAtMs: number;
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
  /** A slow client misses it instead of being closed. Default: the protocol's event table, else false. */
  droppable?: boolean;
  /** Attach the current state versions. Default: the protocol's event table (`presence` and `health`). */
  stateVersion?: boolean;
  /**
   * Only operators that hold this scope (or admin). Default: the protocol's event table; an event that is not in it goes
   * to operators who may read.
   */
  scope?: string;
}

/** What the rest of the gateway sees of its sockets. */
export interface GatewayServer {
  /** The port in use, after listening. */
  readonly port: number;
  /** `http://host:port` of every listener. */
  readonly urls: readonly string[];
  broadcast(event: string, payload: unknown, options?: BroadcastOptions): void;
  /** To one connection, without a sequence number. False when it is gone. */
  sendTo(connId: string, event: string, payload: unknown): boolean;
  clients(): readonly ConnectedClient[];
  /** Closes the sockets of a device (one role, or all) after a revocation. */
  disconnectDevice(deviceId: string, role?: string): void;
  /** Closes every socket whose shared token or password is no longer the configured one. Call after `auth` changed. */
  dropStaleCredentials(): void;
  /** Announces `shutdown`, closes every socket with 1012 "service restart" and stops listening. */
  close(reason: "stopping" | "restarting"): Promise<void>;
}

/** Dependencies that the server is given, not made by it. */
export interface ServerDependencies {
  /** Looked up at every call, so entries may be added while the server runs. */
  methods: ReadonlyMap<string, MethodHandler>;
  log: Log;
  clock: Clock;
}
