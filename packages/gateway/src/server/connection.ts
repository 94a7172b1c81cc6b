import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { validateParams, validateRequestFrame } from "@openclaw/protocol";
import type { RawData, WebSocket } from "ws";
import type { PresentedCredentials } from "./auth.ts";
import { performHandshake, type HandshakeDependencies, type HandshakeSuccess } from "./handshake.ts";
import { closeReason } from "./handshake-failure.ts";
import { callMethod, type MethodCallOptions } from "./method-call.ts";
import type { Peer } from "../http/index.ts";
import type { ServerLimits } from "./server-options.ts";
import { createSocketWriter, type SocketWriter } from "./socket-writer.ts";
import type { ConnectedClient } from "./types.ts";

/** What may lie between a frame's text and its bytes on the wire, with room for pings. */
const FRAMING_ALLOWANCE = 1_024;
/** Somebody whose access was taken away does not get to keep the connection by not answering the close. */
const EXPEL_GRACE_MS = 500;

export interface AcceptedSocket {
  socket: WebSocket;
  stream: Duplex;
  headers: IncomingHttpHeaders;
  peer: Peer;
  /** Gives back the place among the unproved connections. */
  onProved(): void;
}

export interface ConnectionDependencies extends HandshakeDependencies, MethodCallOptions {
  limits: ServerLimits;
  /** Makes the client a member and returns the hello-ok to send. */
  welcome(success: HandshakeSuccess, writer: SocketWriter, connection: Connection): unknown;
  /** After hello-ok is on its way. */
  onWelcomed(client: ConnectedClient): void;
  onGone(client: ConnectedClient): void;
}

/** One WebSocket from upgrade to close. */
export interface Connection {
  /** The shared secret that opened it, to notice when it is no longer the configured one. */
  credentials?: PresentedCredentials;
  /** Closes, and ignores what still comes in. */
  shut(code: number, reason: string, graceMs?: number): void;
  /** Ignores what comes in from now on, and closes once the answers under way have been written. */
  expel(reason: string): void;
  /** Cuts the connection without a goodbye. */
  cut(): void;
}

export function serveConnection(accepted: AcceptedSocket, dependencies: ConnectionDependencies): Connection {
  const { socket, stream, headers, peer } = accepted;
  const { clock, limits, log } = dependencies;
  const connId = randomUUID();
  const nonce = randomUUID();
  const writer = createSocketWriter({ socket, stream, clock, ...limits });
  const gone = new AbortController();
  let client: ConnectedClient | undefined;
  let handshake: Promise<void> | undefined;
  let isShut = false;
  /** Frames that came while `connect` was being judged; bounded by the byte limit before hello. */
  let early: RawData[] = [];
  let bytesBeforeHello = 0;

  const connection: Connection = {
    shut(code, reason, graceMs) {
      isShut = true;
      writer.close(code, reason, graceMs);
    },
    expel(reason) {
      isShut = true;
      setImmediate(() => writer.close(1008, reason, EXPEL_GRACE_MS));
    },
    cut: () => socket.terminate(),
  };

  const cancelDeadline = clock.after(limits.handshakeTimeoutMs, () => connection.shut(1000, ""));

  function countBytes(chunk: Buffer): void {
    bytesBeforeHello += chunk.length;
    if (bytesBeforeHello > limits.maxBytesBeforeHello + FRAMING_ALLOWANCE) connection.shut(1009, "");
  }
  // Before the library looks at the same bytes.
  stream.prependListener("data", countBytes);

  socket.on("error", (error) => {
    log.debug("socket error", { connId, error: String(error) });
    // The library has begun to close (1009 for a frame that is too large, 1002 for a broken one).
    isShut = true;
    const cancel = clock.after(limits.closeGraceMs, () => socket.terminate());
    socket.once("close", cancel);
  });
  socket.on("close", () => {
    isShut = true;
    cancelDeadline();
    early = [];
    gone.abort(new Error("connection closed"));
    accepted.onProved();
    if (client) dependencies.onGone(client);
  });
  socket.on("message", (data) => {
    if (isShut) return;
    if (client) answer(data, client);
    else if (handshake) early.push(data);
    else {
      handshake = shakeHands(data).catch((error: unknown) => {
        log.error("handshake failed", { connId, error: String(error) });
        connection.shut(1011, "internal error");
      });
    }
  });
  socket.send(eventText("connect.challenge", { nonce, ts: clock.now() }));
  return connection;

  async function shakeHands(data: RawData): Promise<void> {
    const value = parseJson(data);
    if (value === undefined) return connection.shut(1000, "");
    const checked = validateRequestFrame(value);
    if (!checked.ok) return connection.shut(1008, "invalid request frame");
    const frame = checked.value;
    if (frame.method !== "connect") {
      return refuse(frame.id, 1008, {
        code: "INVALID_REQUEST",
        message: "invalid handshake: first request must be connect",
      });
    }
    const connect = validateParams("connect", frame.params);
    if (!connect.ok) return refuse(frame.id, 1008, { code: "INVALID_REQUEST", message: connect.message });
    const params = connect.value;
    const result = await performHandshake({ params, peer, headers, nonce, connId }, dependencies);
    if (isShut) return undefined;
    if (!result.ok) {
      log.info("handshake refused", {
        connId,
        ip: peer.clientIp,
        client: params.client.id,
        reason: result.error.message,
      });
      return refuse(frame.id, result.closeCode, result.error);
    }
    cancelDeadline();
    stream.off("data", countBytes);
    accepted.onProved();
    client = result.client;
    if (result.authMethod === "token" || result.authMethod === "password") {
      connection.credentials = { [result.authMethod]: params.auth?.[result.authMethod] };
    }
    writer.sendResponse(
      JSON.stringify({
        type: "res",
        id: frame.id,
        ok: true,
        payload: dependencies.welcome(result, writer, connection),
      }),
    );
    dependencies.onWelcomed(client);
    const waiting = early;
    early = [];
    for (const earlyFrame of waiting) answer(earlyFrame, client);
    return undefined;
  }

  function refuse(id: string, closeCode: number, error: { code: string; message: string }): void {
    writer.sendResponse(JSON.stringify({ type: "res", id, ok: false, error }));
    connection.shut(closeCode, closeReason(error.message));
  }

  function answer(data: RawData, to: ConnectedClient): void {
    const value = parseJson(data);
    if (value === undefined) return;
    const checked = validateRequestFrame(value);
    if (!checked.ok) {
      const error = { code: "INVALID_REQUEST", message: checked.message };
      writer.sendResponse(JSON.stringify({ type: "res", id: idOf(value), ok: false, error }));
      return;
    }
    void callMethod({ frame: checked.value, client: to, signal: gone.signal, send: writer.sendResponse }, dependencies);
  }
}

function eventText(event: string, payload: unknown): string {
  return JSON.stringify({ type: "event", event, payload });
}

/** Undefined when it is not JSON; JSON has no undefined of its own. */
function parseJson(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString("utf8"));
  } catch {
    return undefined;
  }
}

function idOf(value: unknown): string {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  return typeof id === "string" ? id : "invalid";
}
