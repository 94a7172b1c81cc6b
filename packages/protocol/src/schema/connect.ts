import { Type, type Static } from "typebox";
import { CLIENT_IDS, CLIENT_MODES } from "../constants.ts";
import {
  anything,
  flag,
  int,
  list,
  mapOf,
  oneOf,
  open,
  optional,
  strict,
  string,
  text,
  time,
} from "./building-blocks.ts";
import { StateVersion } from "./frames.ts";
import { PresenceEntry } from "./system.ts";

/** Which program connects, shown in presence and pairing requests. */
export const ClientInfo = strict({
  id: oneOf(CLIENT_IDS),
  displayName: optional(text()),
  version: text(),
  platform: text(),
  deviceFamily: optional(text()),
  modelIdentifier: optional(text()),
  mode: oneOf(CLIENT_MODES),
  instanceId: optional(text()),
});
export type ClientInfo = Static<typeof ClientInfo>;

/** Proof that the client holds a device key; see `signaturePayload`. */
export const DeviceProof = strict({
  id: text(),
  publicKey: text(),
  signature: text(),
  signedAt: time(),
  nonce: optional(text()),
});
export type DeviceProof = Static<typeof DeviceProof>;

/** Params of `connect`, the first request on every socket. */
export const ConnectParams = strict({
  minProtocol: int(1),
  maxProtocol: int(1),
  client: ClientInfo,
  caps: optional(list(text())),
  commands: optional(list(text())),
  permissions: optional(mapOf(flag())),
  pathEnv: optional(string()),
  /** "operator" when absent; any other word than operator and node is refused with "invalid role". */
  role: optional(text()),
  /** An operator that asks for none is treated as asking for `operator.admin`. */
  scopes: optional(list(text())),
  device: optional(DeviceProof),
  /** `token` is the gateway's shared token or this device's own token. */
  auth: optional(strict({ token: optional(string()), password: optional(string()) })),
  locale: optional(string()),
  userAgent: optional(string()),
});
export type ConnectParams = Static<typeof ConnectParams>;

/** State of the gateway at the moment of the handshake. */
export const Snapshot = open({
  presence: list(PresenceEntry),
  /** The last health summary, or `{}` before the first one. */
  health: anything(),
  stateVersion: StateVersion,
  uptimeMs: int(0),
  configPath: optional(string()),
  stateDir: optional(string()),
  sessionDefaults: optional(
    open({
      defaultAgentId: text(),
      mainKey: text(),
      mainSessionKey: text(),
      scope: optional(text()),
    }),
  ),
});
export type Snapshot = Static<typeof Snapshot>;

/** The successful answer to `connect`. */
export const HelloOk = open({
  type: Type.Literal("hello-ok"),
  protocol: int(1),
  server: open({ version: text(), commit: optional(text()), host: optional(text()), connId: text() }),
  features: open({ methods: list(text()), events: list(text()) }),
  snapshot: Snapshot,
  canvasHostUrl: optional(text()),
  /** Only when a device was given. Scopes are sorted. */
  auth: optional(open({ deviceToken: text(), role: text(), scopes: list(text()), issuedAtMs: optional(time()) })),
  policy: open({ maxPayload: int(1), maxBufferedBytes: int(1), tickIntervalMs: int(1) }),
});
export type HelloOk = Static<typeof HelloOk>;
