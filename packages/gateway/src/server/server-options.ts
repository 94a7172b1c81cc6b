import type { DeviceStore } from "../devices/index.ts";
import type { HttpOptions, PeerPolicy } from "../http/index.ts";
import type { PresenceList } from "../presence/index.ts";
import type { AuthSettings, TailscaleWhois } from "./auth.ts";
import type { ConnectedClient, ServerDependencies } from "./types.ts";

/** The part of the configuration that the server asks for anew at every request. */
export interface ServerSettings extends PeerPolicy {
  auth: AuthSettings;
  /** Host names under which the gateway may be asked for, besides loopback and its own addresses. */
  allowedHosts?: readonly string[];
  /** `gateway.controlUi.allowedOrigins`. */
  allowedOrigins?: readonly string[];
  /** `gateway.controlUi.allowInsecureAuth`: the Control UI may come without a device when the shared secret is right. */
  allowInsecureControlUi?: boolean;
  /** `gateway.controlUi.dangerouslyDisableDeviceAuth`: the Control UI's device is not looked at. */
  disableControlUiDeviceAuth?: boolean;
}

/** The parts of `hello-ok.snapshot` that other rooms own. */
export interface SnapshotSources {
  /** The last health summary; `{}` before the first. */
  health(): unknown;
  healthVersion(): number;
  sessionDefaults(): { defaultAgentId: string; mainKey: string; mainSessionKey: string; scope?: string };
  configPath: string;
  stateDir: string;
}

export interface ServerLimits {
  /** Connections that have not proved anything yet, over all addresses. */
  maxUnproved: number;
  maxUnprovedPerAddress: number;
  /** Bytes a socket may send before hello. */
  maxBytesBeforeHello: number;
  /** Largest inbound frame after hello, in bytes. Announced as `policy.maxPayload`. */
  maxPayload: number;
  /** Unsent bytes after which a client counts as slow. Announced as `policy.maxBufferedBytes`. */
  maxBufferedBytes: number;
  tickIntervalMs: number;
  /** From the TCP connect to the first request, and from the upgrade to the `connect` frame. */
  handshakeTimeoutMs: number;
  /** How long a closing socket may take before it is cut. */
  closeGraceMs: number;
}

export interface CreateServerOptions extends ServerDependencies {
  /** Addresses to listen on. The first must work; a further one that does not exist here is left out with a warning. */
  hosts: readonly string[];
  /** 0 picks a free port. */
  port: number;
  settings(): ServerSettings;
  devices: DeviceStore;
  presence: PresenceList;
  snapshot: SnapshotSources;
  /** Shown in `hello-ok.server`. */
  version: string;
  commit?: string;
  /** Default: the machine's name. */
  hostName?: string;
  http: HttpOptions;
  whois?: TailscaleWhois;
  /** After `hello-ok` was sent. */
  onConnect?(client: ConnectedClient): void;
  onDisconnect?(client: ConnectedClient): void;
  limits?: Partial<ServerLimits>;
}
