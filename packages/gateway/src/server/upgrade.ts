import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { isHostAllowed, isOriginAllowed, type HostPolicy, type Peer } from "../http/index.ts";

/**
 * Why this upgrade gets 403, or undefined. Decided before a WebSocket exists, for every kind of client: only browsers
 * send `Origin`, and a page may not open a socket to a gateway that it did not come from. A page under a rebound name
 * looks same-origin, so with an Origin the host name must be ours as well; programs without one may use any name and
 * count as remote.
 */
export function refuseUpgrade(incoming: IncomingMessage, peer: Peer, policy: HostPolicy): string | undefined {
  const { origin } = incoming.headers;
  if (origin === undefined) return undefined;
  if (!isOriginAllowed(origin, peer.host, policy)) return "origin not allowed";
  return isHostAllowed(peer, policy) ? undefined : "host not allowed";
}

export function endWithForbidden(stream: Duplex, reason: string): void {
  const body = `Forbidden: ${reason}. Add the page's origin to gateway.controlUi.allowedOrigins if it is yours.\n`;
  const head = [
    "HTTP/1.1 403 Forbidden",
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  stream.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => stream.destroy());
}
