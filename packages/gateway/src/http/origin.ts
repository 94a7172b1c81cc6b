import { isIP } from "node:net";
import { isLoopbackHost, normalizeAddress, type HostName } from "./host-name.ts";
import type { Peer } from "./peer.ts";

export interface HostPolicy {
  /** The addresses the gateway listens on. */
  bindHosts: readonly string[];
  /** Further names under which it may be asked for (`gateway.controlUi.allowedOrigins` hosts are added to them). */
  allowedHosts?: readonly string[];
  /** `gateway.controlUi.allowedOrigins`: exact origins, e.g. `https://gateway.example.com`. */
  allowedOrigins?: readonly string[];
}

/** Names that nobody outside can register, so a page from elsewhere cannot point one at us. */
const PRIVATE_SUFFIXES = [".local", ".lan", ".internal", ".home", ".home.arpa", ".localdomain", ".ts.net"];

/**
 * Whether a request may ask for this host name at all. A page that rebinds its own name to our address (DNS rebinding)
 * is same-origin for the browser; only the Host header gives it away.
 *
 * Loopback listeners answer to loopback, their own address and the allowed names. Wider listeners also answer to IP
 * addresses, to names without a dot and to private suffixes: none of those can be rebound from the internet.
 */
export function isHostAllowed(peer: Peer, policy: HostPolicy): boolean {
  if (peer.viaTrustedProxy && peer.isForwarded) return true;
  const name = peer.host?.name;
  if (name === undefined) return false;
  if (isLoopbackHost(name) || policy.bindHosts.some((bind) => normalizeAddress(bind) === name)) return true;
  if (policy.allowedHosts?.some((allowed) => allowed.toLowerCase() === name)) return true;
  if (policy.allowedOrigins?.some((origin) => parseOrigin(origin)?.host.name === name)) return true;
  if (policy.bindHosts.every(isLoopbackHost)) return false;
  return isIP(name) !== 0 || !name.includes(".") || PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/**
 * Whether a browser page of this origin may open a socket: the page came from the host it connects to, or both ends are
 * this machine, or the owner listed it. `null`, unparsable and non-http origins pass only when they are listed.
 */
export function isOriginAllowed(origin: string, host: HostName | undefined, policy: HostPolicy): boolean {
  const listed = origin.trim().toLowerCase().replace(/\/$/, "");
  if (policy.allowedOrigins?.some((item) => item.trim().toLowerCase().replace(/\/$/, "") === listed)) return true;
  const parsed = parseOrigin(origin);
  if (!parsed || !host) return false;
  if (isLoopbackHost(parsed.host.name) && isLoopbackHost(host.name)) return true;
  const ownPort = host.port ?? parsed.defaultPort;
  return parsed.host.name === host.name && (parsed.host.port ?? parsed.defaultPort) === ownPort;
}

function parseOrigin(origin: string): { host: HostName; defaultPort: number } | undefined {
  let url: URL;
  try {
    url = new URL(origin.trim());
  } catch {
    return undefined;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const name = normalizeAddress(url.hostname).replace(/\.$/, "");
  const host = url.port === "" ? { name } : { name, port: Number(url.port) };
  return { host, defaultPort: url.protocol === "https:" ? 443 : 80 };
}
