import type { IncomingHttpHeaders } from "node:http";
import type { Clock, Log } from "@openclaw/core";
import {
  deviceIdOf,
  encodeBase64url,
  MAX_SIGNATURE_SKEW_MS,
  parseDevicePublicKey,
  PROTOCOL_VERSION,
  signaturePayload,
  verifyDeviceSignature,
} from "@openclaw/protocol";
import type { ConnectParams } from "@openclaw/protocol/schema";
import { type DeviceDescription, type DeviceStore, type DeviceToken, scopesCover } from "../devices/index.ts";
import { type AuthMethod, describeAuthFailure, resolveAuth, type TailscaleWhois } from "./auth.ts";
import type { AuthThrottle } from "./auth-throttle.ts";
import { type HandshakeFailure, refuse, refuseForNow, refuseUnpaired, refuseVersion } from "./handshake-failure.ts";
import { isOriginAllowed, type Peer } from "../http/index.ts";
import type { ServerSettings } from "./server-options.ts";
import type { ConnectedClient } from "./types.ts";

const CONTROL_UI_ID = "openclaw-control-ui";
const BROWSER_IDS: readonly string[] = [CONTROL_UI_ID, "webchat-ui", "webchat"];

export interface HandshakeRequest {
  params: ConnectParams;
  peer: Peer;
  headers: IncomingHttpHeaders;
  /** Of this socket's `connect.challenge`. */
  nonce: string;
  connId: string;
}

export interface HandshakeDependencies {
  clock: Clock;
  log: Log;
  devices: DeviceStore;
  throttle: AuthThrottle;
  bindHosts: readonly string[];
  settings(): ServerSettings;
  whois?: TailscaleWhois;
}

export interface HandshakeSuccess {
  ok: true;
  client: ConnectedClient;
  authMethod: AuthMethod;
  /** Only when a device was given. */
  deviceToken?: DeviceToken;
}

/** Judges `connect` in the order that existing clients rely on; the first failure is the answer. Never throws. */
export async function performHandshake(
  request: HandshakeRequest,
  dependencies: HandshakeDependencies,
): Promise<HandshakeSuccess | HandshakeFailure> {
  const { params, peer, headers, connId } = request;
  const { clock, devices } = dependencies;
  const settings = dependencies.settings();

  if (params.minProtocol > PROTOCOL_VERSION || params.maxProtocol < PROTOCOL_VERSION) {
    return refuseVersion(PROTOCOL_VERSION);
  }
  const role = params.role ?? "operator";
  if (role !== "operator" && role !== "node") return refuse("invalid role");

  const isBrowser = BROWSER_IDS.includes(params.client.id) || params.client.mode === "webchat";
  if (isBrowser && !isBrowserOriginAllowed(request, dependencies, settings)) return refuse(ORIGIN_TEXT);

  const isControlUi = params.client.id === CONTROL_UI_ID;
  const device = isControlUi && settings.disableControlUiDeviceAuth ? undefined : params.device;
  const deviceIsOptional = !isControlUi || settings.allowInsecureControlUi || settings.disableControlUiDeviceAuth;
  if (!device && !deviceIsOptional) return refuse("control ui requires HTTPS or localhost (secure context)");

  const description = device && (await verifyDevice(request, device, clock.now()));
  if (description && "ok" in description) return description;

  // Nodes have no scopes; an operator that names none has always meant all.
  const asked = params.scopes ?? [];
  const scopes = role === "node" ? [] : asked.length > 0 ? asked : ["operator.admin"];
  const access = { role, scopes };

  const known = description && devices.get(description.deviceId);
  const isPaired = known !== undefined && known.publicKey === description?.publicKey;
  const hasLiveToken = isPaired && Object.values(known.tokens).some((token) => token.revokedAtMs === undefined);
  // The owner at this machine and devices that proved a trusted key cannot be locked out by somebody else's guesses.
  const isThrottled = !peer.isLocal && !hasLiveToken;
  const wait = isThrottled ? dependencies.throttle.retryAfterMs(peer.clientIp) : 0;
  if (wait > 0) return refuseForNow("unauthorized: too many failed attempts; try again later", wait);

  const credentials = params.auth ?? {};
  const auth = await resolveAuth({ peer, headers, credentials }, settings.auth, {
    ...(dependencies.whois ? { whois: dependencies.whois } : {}),
    ...(isPaired ? { tryDeviceToken: (token) => devices.acceptsToken(known.deviceId, access, token) } : {}),
  });
  if (!auth.ok) {
    const nothingGiven = !credentials.token && !credentials.password;
    if (!device && (nothingGiven || auth.reason.endsWith("missing"))) return refuseUnpaired("device identity required");
    if (isThrottled && auth.reason.endsWith("mismatch")) dependencies.throttle.fail(peer.clientIp);
    return refuse(describeAuthFailure(auth.reason, settings.auth.mode, isBrowser));
  }
  // A tailnet identity says who the person is; which device it is must still be proved.
  const isShared = auth.method === "token" || auth.method === "password";
  if (!device && !isShared && !settings.disableControlUiDeviceAuth) return refuseUnpaired("device identity required");

  const client = describeClient(request, { role, scopes }, description?.deviceId, clock.now());
  if (!description) return { ok: true, client, authMethod: auth.method };

  const covered =
    isPaired &&
    known.roles.includes(role) &&
    scopesCover(known.scopes ?? [], scopes) &&
    // Somebody took this device's access away; knowing the shared secret does not give it back.
    known.tokens[role]?.revokedAtMs === undefined;
  if (!covered) {
    if (!peer.isLocal) {
      const waiting = devices.request(description, access, peer.clientIp);
      return refuseUnpaired("pairing required", { requestId: waiting.requestId });
    }
    await devices.admit(description, access);
  }
  const deviceToken = await devices.issueToken(description.deviceId, access);
  // A revocation may have come in while the new token was being written.
  if (deviceToken.revokedAtMs !== undefined || !devices.get(description.deviceId)) {
    return refuseUnpaired("device identity required");
  }
  dependencies.log.debug("client authenticated", { connId, method: auth.method, deviceId: description.deviceId });
  return { ok: true, client, authMethod: auth.method, deviceToken };
}

const ORIGIN_TEXT =
  "origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins)";

function isBrowserOriginAllowed(
  { headers, peer }: HandshakeRequest,
  { bindHosts }: HandshakeDependencies,
  settings: ServerSettings,
): boolean {
  return headers.origin !== undefined && isOriginAllowed(headers.origin, peer.host, { bindHosts, ...settings });
}

async function verifyDevice(
  { params, peer, nonce }: HandshakeRequest,
  device: NonNullable<ConnectParams["device"]>,
  now: number,
): Promise<DeviceDescription | HandshakeFailure> {
  const raw = parseDevicePublicKey(device.publicKey);
  if (!raw) return refuse("device public key invalid");
  if ((await deviceIdOf(raw)) !== device.id) return refuse("device identity mismatch");
  if (Math.abs(now - device.signedAt) > MAX_SIGNATURE_SKEW_MS) return refuse("device signature expired");
  if (device.nonce === undefined && !peer.isLocal) return refuse("device nonce required");
  if (device.nonce !== undefined && device.nonce !== nonce) return refuse("device nonce mismatch");
  const { client } = params;
  const publicKey = encodeBase64url(raw);
  const payload = signaturePayload({
    deviceId: device.id,
    clientId: client.id,
    clientMode: client.mode,
    role: params.role ?? "operator",
    scopes: params.scopes ?? [],
    signedAt: device.signedAt,
    token: params.auth?.token,
    nonce: device.nonce,
  });
  const isGenuine = await verifyDeviceSignature({ publicKey, signature: device.signature, payload });
  if (!isGenuine) return refuse("device signature invalid");
  const { displayName, platform, id: clientId, mode: clientMode } = client;
  return { deviceId: device.id, publicKey, displayName, platform, clientId, clientMode };
}

function describeClient(
  { params, peer, connId }: HandshakeRequest,
  { role, scopes }: { role: "operator" | "node"; scopes: readonly string[] },
  deviceId: string | undefined,
  now: number,
): ConnectedClient {
  const { commands, permissions, pathEnv } = params;
  return {
    connId,
    role,
    scopes,
    caps: params.caps ?? [],
    client: params.client,
    ...(commands ? { commands } : {}),
    ...(permissions ? { permissions } : {}),
    ...(pathEnv === undefined ? {} : { pathEnv }),
    ...(deviceId === undefined ? {} : { deviceId }),
    isLocal: peer.isLocal,
    ip: peer.clientIp,
    connectedAtMs: now,
  };
}
