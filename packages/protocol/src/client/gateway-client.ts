import { backoffMs } from "./backoff.ts";
import { openConnection, type Connection, type ConnectionEnd } from "./connection.ts";
import { createCredentials } from "./credentials.ts";
import { parseEndpoint } from "./endpoint.ts";
import { createDeferred, type Deferred } from "./deferred.ts";
import type { EventName, EventPayloads } from "../events.ts";
import { isEventName } from "../events.ts";
import { GatewayError } from "../gateway-error.ts";
import { type MethodName, type MethodParams, type MethodResult, methodSpec } from "../methods.ts";
import type { AgentAccepted, EventFrame, HelloOk } from "../schema/index.ts";
import { createListeners } from "./listeners.ts";
import type { GatewayClientOptions } from "./options.ts";
import { createPendingRequests } from "./pending-requests.ts";
import { blamesCredentials } from "./refusal.ts";
import { createSequence, type SequenceGap } from "./sequence.ts";
import { systemClock } from "./system-clock.ts";
import { unreachableError } from "./unreachable.ts";
import { isRecord } from "./inbound.ts";

/** `idle` before `connect` and after a refusal; `waiting` between two attempts; `closed` for good. */
export type ClientState = "idle" | "connecting" | "connected" | "waiting" | "closed";

export interface Disconnect extends ConnectionEnd {
  /** Time to the next attempt in ms; undefined when there will be none. */
  retryInMs?: number;
}

/** What the client itself has to tell. */
export interface ClientEvents {
  /** Connected, also after each reconnect: read again whatever may have changed meanwhile. */
  hello: [hello: HelloOk];
  /** Broadcasts were missed; there is no replay. */
  gap: [gap: SequenceGap];
  /** A socket ended or could not be opened. */
  disconnect: [end: Disconnect];
  /** Every event of the gateway, also those of plugins that the event table does not know. */
  event: [frame: EventFrame];
  /** The token store failed; the client goes on without. */
  warning: [error: unknown];
}

type ListenerEvents = ClientEvents & { [E in EventName]: [payload: EventPayloads[E], frame: EventFrame] };

export interface RequestOptions {
  /** Bound in ms, up to the last answer. Default 30000; none for methods that wait for work. `Infinity` for none. */
  timeoutMs?: number;
  /** Gives up waiting; the gateway is not told. */
  signal?: AbortSignal;
  /** First answer of a two-stage method (`agent`). */
  onAccepted?: (accepted: AgentAccepted) => void;
}

export interface GatewayClient {
  readonly state: ClientState;
  /** The answer to the current connection's handshake; undefined while there is none. */
  readonly hello: HelloOk | undefined;
  /**
   * Connects and resolves with hello. With `reconnect` it keeps trying until the gateway answers; it rejects with a
   * `GatewayError` when the gateway refuses this client, when `reconnect` is off and the attempt failed, or on `close`.
   * While the client waits between two attempts, a call tries again at once.
   */
  connect(): Promise<HelloOk>;
  /**
   * Calls a method and resolves with its result (the last one of a two-stage method). Rejects with a `GatewayError`:
   * the gateway's own code, or `GATEWAY_DISCONNECTED`, `GATEWAY_REQUEST_TIMEOUT`, `GATEWAY_REQUEST_TOO_LARGE`,
   * `GATEWAY_CLOSED`; or with the signal's reason. Nothing is queued while there is no connection.
   */
  request<M extends MethodName | (string & {})>(
    method: M,
    params: M extends MethodName ? MethodParams<M> : unknown,
    options?: RequestOptions,
  ): Promise<M extends MethodName ? MethodResult<M> : unknown>;
  /** Listens to a gateway event or to one of {@link ClientEvents}. The returned function stops it. */
  on: <E extends keyof ListenerEvents>(event: E, listener: (...args: ListenerEvents[E]) => void) => () => void;
  /** Ends the connection for good and rejects what is under way with `GATEWAY_CLOSED`. Never rejects. */
  close(): Promise<void>;
}

const defaultRequestTimeoutMs = 30_000;
const defaultConnectTimeoutMs = 10_000;
const longestRestartWaitMs = 30_000;

/**
 * Makes a client of one gateway for Node and browsers. Nothing happens before `connect`.
 * Throws `GATEWAY_URL_INVALID` or `GATEWAY_INSECURE_URL` at once.
 */
export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const { clock = systemClock, random = Math.random, reconnect = true } = options;
  const { url, gateway } = parseEndpoint(options.url, options.allowInsecure);
  const listeners = createListeners<ListenerEvents>();
  const pending = createPendingRequests(clock);
  const credentials = createCredentials(options, gateway, clock, (error) => listeners.emit("warning", error));

  let state: ClientState = "idle";
  let hello: HelloOk | undefined;
  let connection: Connection | undefined;
  let connecting: Deferred<HelloOk> | undefined;
  let failedAttempts = 0;
  let announcedRestartMs: number | undefined;
  let cancelRetry: (() => void) | undefined;

  const attempt = async () => {
    state = "connecting";
    await credentials.prepare();
    if (state !== "connecting") return;
    try {
      openSocket();
    } catch (cause) {
      const error = unreachableError(gateway, cause);
      await onEnd({ code: 1006, reason: "", error, refused: false });
    }
  };

  const openSocket = () => {
    const nextSeq = createSequence();
    connection = openConnection({
      gateway,
      socket: options.webSocket ? options.webSocket(url) : new WebSocket(url),
      clock,
      timeoutMs: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
      connectParams: (nonce) => credentials.connectParams(nonce),
      onHello(answer) {
        state = "connected";
        hello = answer;
        failedAttempts = 0;
        announcedRestartMs = undefined;
        void credentials.accepted(answer);
        connecting?.resolve(answer);
        connecting = undefined;
        listeners.emit("hello", answer);
      },
      onEvent(frame) {
        const gap = frame.seq === undefined ? undefined : nextSeq(frame.seq);
        if (gap) listeners.emit("gap", gap);
        if (frame.event === "shutdown") announcedRestartMs = restartTime(frame.payload);
        if (isEventName(frame.event)) listeners.emit(frame.event, frame.payload as never, frame);
        listeners.emit("event", frame);
      },
      onResponse: (frame) => pending.answer(frame),
      onEnd: (end) => void onEnd(end),
    });
  };

  const onEnd = async (end: ConnectionEnd) => {
    const wasConnected = state === "connected";
    connection = undefined;
    hello = undefined;
    if (wasConnected) pending.rejectAll((method) => interrupted(method, end.error));

    if (end.refused && credentials.usedStoredToken() && blamesCredentials(end.error)) {
      state = "connecting";
      await credentials.dropStored();
      if (state !== "connecting") return;
      if (credentials.hasConfigured()) return attempt();
    }
    if (end.refused || !reconnect) {
      state = "idle";
      connecting?.reject(end.error);
      connecting = undefined;
      listeners.emit("disconnect", end);
      return;
    }
    const retryInMs = announcedRestartMs ?? backoffMs(failedAttempts++, random);
    announcedRestartMs = undefined;
    state = "waiting";
    cancelRetry = clock.after(retryInMs, () => void attempt());
    listeners.emit("disconnect", { ...end, retryInMs });
  };

  const send = (id: string, method: string, params: unknown) => {
    if (!connection || !hello) throw notConnected(method, gateway, state);
    const text = JSON.stringify({ type: "req", id, method, params });
    const limit = hello.policy.maxPayload;
    // A UTF-16 unit is at most three bytes of UTF-8, so most frames need no counting.
    if (text.length * 3 > limit && new TextEncoder().encode(text).length > limit) throw tooLarge(method, limit);
    connection.send(text);
  };

  return {
    get state() {
      return state;
    },
    get hello() {
      return hello;
    },
    connect() {
      if (state === "closed") return Promise.reject(closedError(gateway));
      if (hello) return Promise.resolve(hello);
      if (!connecting) {
        connecting = createDeferred();
        cancelRetry?.();
        if (state === "idle" || state === "waiting") void attempt();
      }
      return connecting.promise;
    },
    request(method, params, { timeoutMs, signal, onAccepted } = {}) {
      const spec = methodSpec(method);
      const answer = pending.add(
        {
          method,
          timeoutMs: timeoutMs ?? (spec?.longRunning ? undefined : defaultRequestTimeoutMs),
          signal,
          twoStage: spec?.twoStage === true,
          onAccepted: onAccepted as ((payload: unknown) => void) | undefined,
        },
        (id) => send(id, method, params),
      );
      return answer as Promise<never>;
    },
    on: listeners.on,
    async close() {
      if (state === "closed") return;
      state = "closed";
      cancelRetry?.();
      const open = connection;
      connection = undefined;
      hello = undefined;
      pending.rejectAll(() => closedError(gateway));
      connecting?.reject(closedError(gateway));
      connecting = undefined;
      await open?.close();
    },
  };
}

/** A gateway that announced its restart tells when to come back. */
function restartTime(payload: unknown): number | undefined {
  const ms = isRecord(payload) ? payload.restartExpectedMs : undefined;
  return typeof ms === "number" && ms >= 0 ? Math.min(ms, longestRestartWaitMs) : undefined;
}

const interrupted = (method: string, error: GatewayError) =>
  new GatewayError({
    code: "GATEWAY_DISCONNECTED",
    message: `${error.message} before it answered ${method}`,
    hint: error.hint,
    closeCode: error.closeCode,
    retryable: true,
    cause: error,
  });

const notConnected = (method: string, gateway: string, state: ClientState) =>
  state === "closed"
    ? closedError(gateway)
    : new GatewayError({
        code: "GATEWAY_DISCONNECTED",
        message: `${method} was not sent: there is no connection to ${gateway} (${state})`,
        hint: "Call connect() first, or wait for the hello event.",
        retryable: true,
      });

const closedError = (gateway: string) =>
  new GatewayError({ code: "GATEWAY_CLOSED", message: `the client of ${gateway} was closed` });

const tooLarge = (method: string, limit: number) =>
  new GatewayError({
    code: "GATEWAY_REQUEST_TOO_LARGE",
    message: `${method} was not sent: the request exceeds the gateway's limit of ${limit} bytes`,
    hint: "Send smaller attachments or a shorter text.",
  });
