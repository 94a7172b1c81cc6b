/** The only wire version this package speaks. A client offers a range with `minProtocol`/`maxProtocol`; 3 must be inside. */
export const PROTOCOL_VERSION = 3;

/** TCP port of a gateway whose configuration names none. WebSocket and HTTP share it. */
export const DEFAULT_GATEWAY_PORT = 18789;

/** Limits that the gateway announces in `hello-ok.policy`. Measured on the reference gateway. */
export const SERVER_POLICY = {
  /** Largest frame the gateway accepts, in bytes; above it the socket is closed with 1009. */
  maxPayload: 524_288,
  /** Unsent bytes after which a client counts as slow, in bytes. */
  maxBufferedBytes: 1_572_864,
  /** Distance of `tick` events, in ms. */
  tickIntervalMs: 30_000,
} as const;

/** Largest frame a client accepts from a gateway, in bytes: results such as `config.schema` exceed `maxPayload`. */
export const MAX_INBOUND_BYTES = 25 * 1024 * 1024;

/** A socket that sends nothing is closed by the gateway after this time, in ms (close 1000, no reason). */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/** How long a client waits for `connect.challenge` before it connects without a nonce, in ms. */
export const CHALLENGE_WAIT_MS = 750;

/** Largest difference between `device.signedAt` and the gateway's clock, in ms. */
export const MAX_SIGNATURE_SKEW_MS = 600_000;

/** Every value of `client.id`. It names the program; it binds neither mode nor role. */
export const CLIENT_IDS = [
  "webchat-ui",
  "openclaw-control-ui",
  "webchat",
  "cli",
  "gateway-client",
  "openclaw-macos",
  "openclaw-ios",
  "openclaw-android",
  "node-host",
  "test",
  "fingerprint",
  "openclaw-probe",
] as const;
export type ClientId = (typeof CLIENT_IDS)[number];

/** Every value of `client.mode`. */
export const CLIENT_MODES = ["webchat", "cli", "ui", "backend", "node", "probe", "test"] as const;
export type ClientMode = (typeof CLIENT_MODES)[number];

export const ROLES = ["operator", "node"] as const;
export type Role = (typeof ROLES)[number];

/** Scopes with a meaning. Others may be asked for and grant nothing. `admin` implies all, `write` implies `read`. */
export const SCOPES = [
  "operator.read",
  "operator.write",
  "operator.admin",
  "operator.approvals",
  "operator.pairing",
] as const;
export type Scope = (typeof SCOPES)[number];

/** `error.code` of a response. Only the first three were seen from the reference gateway. */
export const ERROR_CODES = ["INVALID_REQUEST", "UNAVAILABLE", "NOT_PAIRED", "NOT_LINKED", "AGENT_TIMEOUT"] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** WebSocket close codes with the reason texts that people and scripts look for. */
export const CLOSE = {
  /** Handshake timeout and a first frame that is not JSON; the reason is empty. Also a client's own goodbye. */
  normal: 1000,
  /** Reason "protocol mismatch". */
  protocolMismatch: 1002,
  /** Refused handshake (reason = error text, cut to 120 bytes) or reason "slow consumer". */
  policy: 1008,
  /** Inbound frame over `maxPayload`; the reason is empty. */
  tooLarge: 1009,
  /** Gateway stops or restarts, reason "service restart". */
  restart: 1012,
  /** Sent by a client: no frame for two tick intervals, reason "tick timeout". */
  tickTimeout: 4000,
  /** Sent by a client: inbound frame over {@link MAX_INBOUND_BYTES}. Browsers may not send 1009. */
  inboundTooLarge: 4009,
} as const;
