import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";
import { isLoopbackAddress, isLoopbackHost, normalizeAddress, parseHostHeader, type HostName } from "./host-name.ts";

/** What a proxy on the way adds. One of them on a direct connection means: somebody else is behind it. */
const PROXY_HEADERS = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "x-client-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "cf-ray",
  "tailscale-user-login",
  "via",
] as const;

export interface PeerRequest {
  remoteAddress: string | undefined;
  headers: IncomingHttpHeaders;
}

export interface PeerPolicy {
  /** Addresses or CIDR ranges of reverse proxies whose forwarding headers are believed. */
  trustedProxies?: readonly string[];
  /** Own addresses besides loopback (e.g. the tailnet address); a peer with one of them is this machine. */
  localAddresses?: readonly string[];
}

/** Where a request comes from, as far as it can be believed. */
export interface Peer {
  /** The client's address; behind a trusted proxy, the one the proxy saw. */
  clientIp: string;
  /** The TCP peer's address. */
  address: string;
  /** The host the client asked for; behind a trusted proxy, the one it told. Undefined when missing or malformed. */
  host?: HostName;
  /** This machine's own user: loopback peer, loopback Host, and nobody in between that we do not know. */
  isLocal: boolean;
  /** Forwarding headers are present. */
  isForwarded: boolean;
  /** The TCP peer is a trusted proxy. */
  viaTrustedProxy: boolean;
}

/** The peer address alone proves nothing: a tunnel or proxy on this machine connects from loopback for anybody. */
export function judgePeer({ remoteAddress, headers }: PeerRequest, policy: PeerPolicy): Peer {
  const address = normalizeAddress(remoteAddress);
  const isForwarded = PROXY_HEADERS.some((name) => headers[name] !== undefined);
  const viaTrustedProxy = isListed(address, policy.trustedProxies);
  const believed = isForwarded && viaTrustedProxy;
  const clientIp = believed ? forwardedClient(headers, address, policy) : address;
  const host = parseHostHeader(believed ? (lastValue(headers["x-forwarded-host"]) ?? headers.host) : headers.host);

  const own = (name: string) => policy.localAddresses?.some((item) => normalizeAddress(item) === name) ?? false;
  const peerIsHere = isLoopbackAddress(clientIp) || own(clientIp);
  const hostIsHere = host !== undefined && (isLoopbackHost(host.name) || own(host.name));
  return {
    clientIp,
    address,
    ...(host ? { host } : {}),
    isLocal: peerIsHere && hostIsHere && (!isForwarded || viaTrustedProxy),
    isForwarded,
    viaTrustedProxy,
  };
}

/** The nearest hop that is not itself a trusted proxy; what lies beyond it was written by the client. */
function forwardedClient(headers: IncomingHttpHeaders, address: string, policy: PeerPolicy): string {
  const chain = headerText(headers["x-forwarded-for"]);
  if (chain === undefined) return addressOf(headerText(headers["x-real-ip"])) ?? UNKNOWN;
  for (const hop of chain.split(",").toReversed()) {
    const ip = addressOf(hop);
    if (ip === undefined) return UNKNOWN;
    if (!isListed(ip, policy.trustedProxies)) return ip;
  }
  return address;
}

const UNKNOWN = "unknown";

function addressOf(text: string | undefined): string | undefined {
  const bare = normalizeAddress(
    text
      ?.trim()
      .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
      .replace(/^\[(.*)\]:\d+$/, "$1"),
  );
  return isIP(bare) === 0 ? undefined : bare;
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(",") : value;
}

function lastValue(value: string | string[] | undefined): string | undefined {
  return headerText(value)?.split(",").at(-1)?.trim();
}

const blockLists = new WeakMap<readonly string[], BlockList>();

function isListed(address: string, entries: readonly string[] | undefined): boolean {
  const family = isIP(address);
  if (family === 0 || entries === undefined || entries.length === 0) return false;
  let list = blockLists.get(entries);
  if (!list) blockLists.set(entries, (list = buildBlockList(entries)));
  return list.check(address, family === 6 ? "ipv6" : "ipv4");
}

function buildBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [base = "", prefix] = entry.split("/");
    const address = normalizeAddress(base);
    const family = isIP(address);
    if (family === 0) continue;
    const type = family === 6 ? "ipv6" : "ipv4";
    const bits = Number(prefix);
    if (prefix === undefined) list.addAddress(address, type);
    else if (Number.isInteger(bits) && bits >= 0 && bits <= (family === 6 ? 128 : 32))
      list.addSubnet(address, bits, type);
  }
  return list;
}
