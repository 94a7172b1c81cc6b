import { lookup as dnsLookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { OpenClawError, systemClock, type Clock } from "@openclaw/core";
import { readBody } from "./body.ts";
import { openConnection } from "./connection.ts";
import { parseTarget, resolveTarget, type AllowPrivate, type EgressLookup } from "./target.ts";

export interface EgressOptions {
  /** Default: the system resolver. */
  lookup?: EgressLookup;
  /** Default: no exception. */
  allowPrivate?: AllowPrivate;
  clock?: Clock;
}

export interface EgressRequest {
  /** Default GET. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
  /** For everything: name resolution, redirects and body. Default 30 000. */
  timeoutMs?: number;
  /** Of the body after decompression. Default 5 MiB. */
  maxBytes?: number;
  /** What happens past `maxBytes`: fail (default), or keep the beginning and set `truncated`. */
  overflow?: "error" | "truncate";
  /** Default 5. */
  maxRedirects?: number;
}

export interface EgressResponse {
  /** After redirects. */
  url: string;
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  body: Uint8Array;
  truncated: boolean;
}

/** The one way in which tools reach the network. */
export interface Egress {
  /**
   * Fetches over http or https from public addresses only. Each hop is resolved once, every address it has is checked,
   * and the connection is made to a checked address, so that a name cannot change its meaning in between.
   *
   * Throws `EGRESS_URL`, `EGRESS_REFUSED`, `EGRESS_REDIRECTS`, `EGRESS_TOO_LARGE`, `EGRESS_TIMEOUT` or `EGRESS_FAILED`;
   * when `signal` aborts, its reason. A status such as 404 is an answer, not an error.
   */
  request(url: string | URL, request?: EgressRequest): Promise<EgressResponse>;
}

const defaults = { timeoutMs: 30_000, maxBytes: 5 * 1024 * 1024, maxRedirects: 5 };
/** Never sent on to another origin. */
const credentialHeaders = new Set(["authorization", "cookie", "proxy-authorization"]);

export function createEgress(options: EgressOptions = {}): Egress {
  const lookup: EgressLookup = options.lookup ?? ((host) => dnsLookup(host, { all: true, verbatim: true }));
  const clock = options.clock ?? systemClock;

  async function follow(input: string | URL, request: EgressRequest, signal: AbortSignal): Promise<EgressResponse> {
    const maxRedirects = request.maxRedirects ?? defaults.maxRedirects;
    let next = parseTarget(input);
    let method = request.method ?? "GET";
    let body = request.body;
    let headers = lowerCase(request.headers);
    for (let hop = 0; ; hop++) {
      const target = await unlessAborted(resolveTarget(next, lookup, options.allowPrivate), signal);
      const response = await openConnection(target, { method, headers, body, signal });
      const location = response.headers.location;
      const status = response.statusCode ?? 0;
      if (![301, 302, 303, 307, 308].includes(status) || location === undefined) {
        const limits = { maxBytes: request.maxBytes ?? defaults.maxBytes, overflow: request.overflow ?? "error" };
        const { bytes, truncated } = await readBody(response, limits, target.host, signal);
        return { url: target.url.href, status, headers: flatten(response), body: bytes, truncated };
      }
      response.destroy();
      if (hop >= maxRedirects)
        throw new OpenClawError({
          code: "EGRESS_REDIRECTS",
          message: `${parseTarget(input).host} redirected more than ${maxRedirects} times.`,
          hint: "Fetch the final address directly.",
        });
      next = parseTarget(location, target.url);
      if (next.url.origin !== target.url.origin)
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !credentialHeaders.has(name)));
      if (status === 303 || (status <= 302 && method === "POST")) {
        method = method === "HEAD" ? "HEAD" : "GET";
        body = undefined;
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("content-")));
      }
    }
  }

  return {
    async request(url, request = {}) {
      request.signal?.throwIfAborted();
      const timeoutMs = request.timeoutMs ?? defaults.timeoutMs;
      const timeout = new AbortController();
      const cancel = clock.after(timeoutMs, () =>
        timeout.abort(
          new OpenClawError({
            code: "EGRESS_TIMEOUT",
            message: `${parseTarget(url).host} did not answer completely within ${Math.round(timeoutMs / 1000)} s.`,
            hint: "Try again later, or fetch a smaller page.",
          }),
        ),
      );
      const signal = request.signal ? AbortSignal.any([request.signal, timeout.signal]) : timeout.signal;
      try {
        return await follow(url, request, signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw error;
      } finally {
        cancel();
      }
    },
  };
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function flatten(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

/** Name resolution cannot be cancelled; its answer is ignored when it comes too late. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
