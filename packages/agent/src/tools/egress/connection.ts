import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { OpenClawError } from "@openclaw/core";
import type { Target } from "./target.ts";

/** Sends one request to a checked address and resolves with the response head. No connection is reused. */
export function openConnection(
  target: Target,
  request: { method: string; headers: Record<string, string>; body?: string | Uint8Array; signal: AbortSignal },
): Promise<IncomingMessage> {
  const { url, host, addresses } = target;
  // Node asks this instead of the resolver: the checked answer is the only one there is.
  const lookup: LookupFunction = (_name, options, callback) => {
    const wanted = addresses.filter(({ family }) => !options.family || family === Number(options.family));
    const first = wanted[0] ?? addresses[0];
    if (options.all) callback(null, wanted.length > 0 ? wanted : addresses);
    else callback(null, first?.address ?? "", first?.family);
  };
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      {
        method: request.method,
        agent: false,
        lookup,
        signal: request.signal,
        headers: { accept: "*/*", "accept-encoding": "gzip, deflate, br", ...request.headers, host: url.host },
      },
      resolve,
    );
    outgoing.once("error", (cause) =>
      reject(
        new OpenClawError({
          code: "EGRESS_FAILED",
          message: `${host} could not be reached (${"code" in cause ? String(cause.code) : cause.message}).`,
          hint: "Check the address and the network connection.",
          cause,
        }),
      ),
    );
    outgoing.end(request.body);
  });
}
