import type { TestDevice } from "./device.ts";
import { openTestSocket, type TestFrame, type TestSocket } from "./socket.ts";

export const ALL_SCOPES = [
  "operator.read",
  "operator.write",
  "operator.admin",
  "operator.approvals",
  "operator.pairing",
];

export interface ConnectOptions {
  headers?: Record<string, string>;
  client?: Record<string, unknown>;
  device?: TestDevice;
  /** Changes the finished `device` part, e.g. to break it. */
  changeDevice?(part: DevicePart, signed: string): DevicePart;
  signedAtMs?: number;
  /** False leaves it out (version 1 signatures). */
  withNonce?: boolean;
  role?: string;
  scopes?: string[];
  auth?: { token?: string; password?: string };
  /** Further or replaced params. */
  params?: Record<string, unknown>;
}

interface DevicePart {
  id: string;
  publicKey: string;
  signature: string;
  signedAt: number;
  nonce?: string;
}

export interface Connected extends TestSocket {
  /** The answer to `connect`. */
  hello: TestFrame;
}

/** Opens a socket, answers the challenge as told and waits for the answer. */
export async function connectTo(url: string, now: number, options: ConnectOptions = {}): Promise<Connected> {
  const socket = await openTestSocket(url, { headers: options.headers });
  const challenge = await socket.next((frame) => frame.event === "connect.challenge");
  const { nonce } = challenge.payload as { nonce: string };
  socket.send({ type: "req", id: "hello", method: "connect", params: connectParams(nonce, now, options) });
  const hello = await socket.next((frame) => frame.type === "res" && frame.id === "hello");
  return { ...socket, hello };
}

export function connectParams(nonce: string, now: number, options: ConnectOptions): Record<string, unknown> {
  const client = { id: "cli", version: "1", platform: "linux", mode: "cli", ...options.client };
  const { role, scopes = ALL_SCOPES, auth, device, withNonce = true, signedAtMs = now } = options;
  const params: Record<string, unknown> = { minProtocol: 3, maxProtocol: 3, client, scopes, auth, role };
  if (device) {
    const head = [withNonce ? "v2" : "v1", device.id, client.id, client.mode, role ?? "operator", scopes.join(",")];
    const fields = [...head, String(signedAtMs), auth?.token ?? "", ...(withNonce ? [nonce] : [])];
    const signed = fields.join("|");
    const part: DevicePart = {
      id: device.id,
      publicKey: device.publicKey,
      signature: device.sign(signed).toString("base64url"),
      signedAt: signedAtMs,
      ...(withNonce ? { nonce } : {}),
    };
    params.device = options.changeDevice?.(part, signed) ?? part;
  }
  return { ...params, ...options.params };
}
