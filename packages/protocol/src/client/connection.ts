import { CHALLENGE_WAIT_MS, CLOSE, MAX_INBOUND_BYTES, PROTOCOL_VERSION } from "../constants.ts";
import { GatewayError } from "../gateway-error.ts";
import type { ConnectParams, ErrorShape, EventFrame, HelloOk, ResponseFrame } from "../schema/index.ts";
import { createDeferred } from "./deferred.ts";
import { isHelloOk } from "./hello.ts";
import { isRecord, parseInbound } from "./inbound.ts";
import type { ClientClock, WebSocketLike } from "./options.ts";
import { closeRefusal, refusalError } from "./refusal.ts";
import { unreachableError } from "./unreachable.ts";
import { createWatchdog, type Watchdog } from "./watchdog.ts";

/** How a socket ended. */
export interface ConnectionEnd {
  /** WebSocket close code; 1006 when there was no goodbye. */
  code: number;
  reason: string;
  error: GatewayError;
  /** The gateway does not want this client: trying again as it is would get the same answer. */
  refused: boolean;
}

export interface ConnectionOptions {
  /** Shown in errors: scheme, host and port. */
  gateway: string;
  socket: WebSocketLike;
  clock: ClientClock;
  /** Bound of the handshake, in ms. */
  timeoutMs: number;
  connectParams: (nonce: string | undefined) => Promise<ConnectParams>;
  onHello: (hello: HelloOk) => void;
  /** Frames come only after hello. */
  onEvent: (frame: EventFrame) => void;
  onResponse: (frame: ResponseFrame) => void;
  /** Called once, and nothing after it. */
  onEnd: (end: ConnectionEnd) => void;
}

export interface Connection {
  send(text: string): void;
  /** Says goodbye without calling `onEnd`. Resolves when the socket is closed, after a second at the latest. */
  close(): Promise<void>;
}

const connectId = "connect";
/** The gateway closes a refused socket itself; so long we wait for its close code. */
const goodbyeWaitMs = 1000;

/** One socket: challenge, connect, hello, then frames until its end. */
export function openConnection(options: ConnectionOptions): Connection {
  const { gateway, socket, clock } = options;
  let phase: "handshake" | "greeted" | "ended" = "handshake";
  let connectSent = false;
  let refusal: ErrorShape | undefined;
  let socketFailure: unknown;
  let watchdog: Watchdog | undefined;
  const timers: Array<() => void> = [];
  const closed = createDeferred<void>();

  const stop = () => {
    phase = "ended";
    watchdog?.stop();
    for (const cancel of timers) cancel();
  };
  const end = (code: number, reason: string, error: GatewayError, refused = false) => {
    stop();
    options.onEnd({ code, reason, error, refused });
  };
  /** Ends now instead of on the peer's goodbye, which a dead peer never sends. */
  const hangUp = (code: number, reason: string, error: GatewayError, refused = false) => {
    if (phase === "ended") return;
    socket.close(code, reason);
    end(code, reason, error, refused);
  };
  const refuse = (error: ErrorShape, code: number, reason: string) =>
    end(code, reason, refusalError(error, code), error.code !== "UNAVAILABLE");

  const sendConnect = async (nonce: string | undefined) => {
    if (connectSent || phase !== "handshake") return;
    connectSent = true;
    try {
      const params = await options.connectParams(nonce);
      if (phase === "handshake") socket.send(JSON.stringify({ type: "req", id: connectId, method: "connect", params }));
    } catch (cause) {
      const message = "could not sign the connect request with the device key";
      hangUp(CLOSE.normal, "", new GatewayError({ code: "GATEWAY_HANDSHAKE_INVALID", message, cause }), true);
    }
  };

  const onConnectAnswer = (frame: ResponseFrame) => {
    if (!frame.ok) {
      const error = frame.error ?? { code: "UNAVAILABLE", message: "the gateway gave no reason" };
      refusal = error;
      timers.push(
        clock.after(goodbyeWaitMs, () => {
          socket.close(CLOSE.normal);
          refuse(error, CLOSE.normal, "");
        }),
      );
      return;
    }
    const hello = frame.payload;
    if (!isHelloOk(hello)) {
      const error = new GatewayError({
        code: "GATEWAY_HANDSHAKE_INVALID",
        message: `${gateway} answered connect with something other than hello-ok`,
        hint: "Check that the address belongs to an OpenClaw gateway.",
      });
      return hangUp(CLOSE.normal, "", error, true);
    }
    if (hello.protocol !== PROTOCOL_VERSION) {
      const details = { expectedProtocol: hello.protocol };
      const error = refusalError({ code: "INVALID_REQUEST", message: "protocol mismatch", details });
      return hangUp(CLOSE.normal, "", error, true);
    }
    phase = "greeted";
    for (const cancel of timers.splice(0)) cancel();
    const limitMs = 2 * hello.policy.tickIntervalMs;
    watchdog = createWatchdog(clock, limitMs, () =>
      hangUp(
        CLOSE.tickTimeout,
        "tick timeout",
        lost(`heard nothing from ${gateway} for ${limitMs} ms`, CLOSE.tickTimeout),
      ),
    );
    options.onHello(hello);
  };

  const onMessage = (data: unknown) => {
    if (phase === "ended") return;
    watchdog?.feed();
    if (typeof data === "string" && data.length > MAX_INBOUND_BYTES) {
      const error = lost(`${gateway} sent a frame of more than ${MAX_INBOUND_BYTES} bytes`, CLOSE.inboundTooLarge);
      return hangUp(CLOSE.inboundTooLarge, "frame too large", error);
    }
    const frame = parseInbound(data);
    if (!frame) return;
    if (phase === "greeted") return frame.type === "res" ? options.onResponse(frame) : options.onEvent(frame);
    if (frame.type === "res") {
      if (frame.id === connectId && !refusal) onConnectAnswer(frame);
    } else if (frame.event === "connect.challenge") {
      const nonce = isRecord(frame.payload) ? frame.payload.nonce : undefined;
      void sendConnect(typeof nonce === "string" && nonce !== "" ? nonce : undefined);
    }
  };

  const onClose = (code: number, reason: string) => {
    closed.resolve(undefined);
    if (phase === "ended") return;
    const word = reason === "" ? String(code) : `${code}: ${reason}`;
    if (phase === "greeted") return end(code, reason, lost(`${gateway} closed the connection (${word})`, code));
    const refused = refusal ?? closeRefusal(code, reason);
    if (refused) return refuse(refused, code, reason);
    end(
      code,
      reason,
      unreachableError(gateway, socketFailure ?? { message: `closed during the handshake, ${word}` }, code),
    );
  };

  let opened = false;
  socket.addEventListener("open", () => {
    opened = true;
    timers.push(clock.after(CHALLENGE_WAIT_MS, () => void sendConnect(undefined)));
  });
  socket.addEventListener("message", (event) => onMessage(event.data));
  socket.addEventListener("error", (event) => {
    socketFailure ??= event;
    // Node 22's own WebSocket reports a refused connection as an error and never closes.
    if (!opened) onClose(1006, "");
  });
  socket.addEventListener("close", (event) => onClose(event.code, event.reason));
  timers.push(
    clock.after(options.timeoutMs, () => {
      const error = new GatewayError({
        code: "GATEWAY_HANDSHAKE_TIMEOUT",
        message: `${gateway} did not complete the handshake in ${options.timeoutMs} ms`,
        hint: "Check that the port belongs to an OpenClaw gateway and that the gateway is not overloaded.",
        retryable: true,
      });
      hangUp(CLOSE.normal, "", error);
    }),
  );

  return {
    send: (text) => socket.send(text),
    async close() {
      if (phase !== "ended") stop();
      socket.close(CLOSE.normal);
      const cancel = clock.after(goodbyeWaitMs, () => {
        socket.terminate?.();
        closed.resolve(undefined);
      });
      await closed.promise;
      cancel();
    },
  };
}

const lost = (message: string, closeCode: number) =>
  new GatewayError({
    code: "GATEWAY_DISCONNECTED",
    message,
    hint: "Whether the gateway carried out a request that was under way is unknown; repeat it with the same idempotencyKey.",
    closeCode,
    retryable: true,
  });
