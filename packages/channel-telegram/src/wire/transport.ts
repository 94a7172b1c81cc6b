import { type Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Clock } from "@openclaw/plugin-sdk";
import { TransportError } from "./transport-error.ts";

/** Longest wait for a connection, handshake included, ms. */
const CONNECT_TIMEOUT_MS = 15_000;

/** The signal of any library: grammY brings its own class. */
interface AbortLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface TransportRequest {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Readable;
  signal?: AbortLike | null;
}

/**
 * HTTP with one thing a general client does not tell: whether a request that failed can have reached the platform.
 * Fails only with `TransportError`.
 */
export interface Transport {
  /** Resolves with the answer's head; the body is still to be read. */
  open(url: string, request: TransportRequest): Promise<IncomingMessage>;
  close(): void;
}

export function createTransport(agent: Agent, clock: Clock): Transport {
  return {
    open: (url, request) => exchange(url, request, agent, clock),
    close: () => agent.destroy(),
  };
}

function exchange(url: string, options: TransportRequest, agent: Agent, clock: Clock): Promise<IncomingMessage> {
  const { body, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(new TransportError({ phase: "connect", message: "aborted" }));
    const secure = url.startsWith("https:");
    const headers: Record<string, string | number> = { ...options.headers };
    if (typeof body === "string") headers["content-length"] = Buffer.byteLength(body);
    const request = (secure ? httpsRequest : httpRequest)(url, { method: options.method ?? "GET", headers, agent });
    let connected = false;
    const cancelTimeout = clock.after(CONNECT_TIMEOUT_MS, () => {
      if (!connected) stop(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`);
    });
    const onAbort = () => stop("aborted");
    const stop = (reason: string) => request.destroy(new Error(reason));
    const release = () => {
      cancelTimeout();
      signal?.removeEventListener("abort", onAbort);
    };
    signal?.addEventListener("abort", onAbort);
    whenConnected(request, secure, () => {
      connected = true;
      cancelTimeout();
    });
    request.once("response", (response) => {
      // The body may still be aborted; the listener goes when it ends.
      response.once("close", release);
      resolve(response);
    });
    request.on("error", (error) => {
      release();
      // `writableFinished` only once the whole request went through the socket: a second witness.
      const phase = connected || request.writableFinished ? "exchange" : "connect";
      reject(new TransportError({ phase, message: describe(error) }));
    });
    if (typeof body === "string" || body === undefined) request.end(body);
    else {
      body.once("error", () => request.destroy());
      body.pipe(request);
    }
  });
}

/** Calls back once bytes can leave: at once on a kept-alive connection, else after connect or the TLS handshake. */
function whenConnected(request: ClientRequest, secure: boolean, callback: () => void): void {
  request.once("socket", (socket: Socket) => {
    if (request.reusedSocket || (!secure && !socket.connecting)) callback();
    else socket.once(secure ? "secureConnect" : "connect", callback);
  });
}

function describe(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  const text = error instanceof AggregateError ? String(error.errors[0] ?? "") : error.message;
  return code === "" || text.includes(code) ? text : `${text} (${code})`;
}
