import type { Role } from "../constants.ts";
import type { DeviceIdentity } from "../device/index.ts";
import type { ClientInfo } from "../schema/index.ts";

/** The part of a WebSocket that the client uses. The global one of Node and browsers and that of `ws` all fit. */
export interface WebSocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Drops the socket without a goodbye, where the implementation can (`ws`). */
  terminate?(): void;
  addEventListener(type: "open", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { code: number; reason: string }) => void): void;
  addEventListener(type: "error", listener: (event: unknown) => void): void;
}

/** Time as the client needs it, in ms; the `Clock` of `@openclaw/core` fits, and a test moves its own by hand. */
export interface ClientClock {
  now(): number;
  /** Runs `callback` once after `ms`. The returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** Which token is meant. A token is only ever sent to the gateway that gave it, hence `gateway`. */
export interface DeviceTokenKey {
  /** Scheme, host and port, e.g. `ws://127.0.0.1:18789`. */
  gateway: string;
  deviceId: string;
  role: Role;
}

export interface StoredDeviceToken {
  /** A secret. */
  token: string;
  scopes: readonly string[];
}

/** Keeps device tokens between connections. A rejection becomes a `warning` event and the client goes on without. */
export interface DeviceTokenStore {
  load(key: DeviceTokenKey): Promise<StoredDeviceToken | undefined> | StoredDeviceToken | undefined;
  /** Called after each handshake that brought another token than the stored one. */
  save(key: DeviceTokenKey, token: StoredDeviceToken): Promise<void> | void;
  /** Called when the gateway refused the stored token. */
  drop(key: DeviceTokenKey): Promise<void> | void;
}

export interface GatewayClientOptions {
  /**
   * `ws://` or `wss://` address. Take it from the user's configuration or from the page's own origin, never from a URL
   * parameter: a foreign address would receive the token. `ws://` to another machine needs `allowInsecure`.
   */
  url: string;
  /** Let a token travel unencrypted to a host that is not this machine. Default false. */
  allowInsecure?: boolean;
  /** The program that connects, shown to operators. */
  client: ClientInfo;
  /** Default "operator". */
  role?: Role;
  /** Scopes to ask for. The gateway reads an operator's empty list as `operator.admin`. */
  scopes?: readonly string[];
  /** Capabilities, e.g. `tool-events`. */
  caps?: readonly string[];
  /** Node role: commands that `node.invoke` may run here. */
  commands?: readonly string[];
  /** Node role: what the user has granted on this machine. */
  permissions?: Readonly<Record<string, boolean>>;
  /** Node role: PATH of the commands. */
  pathEnv?: string;
  locale?: string;
  userAgent?: string;
  /** The gateway's shared token. A stored device token that covers `scopes` goes first. */
  token?: string;
  /** The gateway's shared password, for `gateway.auth.mode: "password"`. */
  password?: string;
  /** Proves a device. Without it the gateway wants a shared token or password and issues no device token. */
  identity?: DeviceIdentity;
  tokenStore?: DeviceTokenStore;
  /** Connect again after a loss. Default true. Refused credentials are never tried again. */
  reconnect?: boolean;
  /** Bound from opening the socket to hello, in ms. Default 10000. */
  connectTimeoutMs?: number;
  /** Opens the socket. Default: the global `WebSocket`. The CLI passes `ws`, which says why a connection failed. */
  webSocket?: (url: string) => WebSocketLike;
  clock?: ClientClock;
  /** Source of the jitter, 0 to 1. Default `Math.random`. */
  random?: () => number;
}
