import { BlockList, isIP, isIPv6 } from "node:net";

/** Special-purpose ranges of IPv4 (IANA registry, 2025), and Azure's wire server, which answers on a public address. */
const refusedV4: readonly (readonly [network: string, prefix: number, kind: string])[] = [
  ["0.0.0.0", 8, "this network"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "carrier-grade NAT"],
  ["127.0.0.0", 8, "loopback"],
  ["168.63.129.16", 32, "cloud metadata"],
  ["169.254.0.0", 16, "link-local or cloud metadata"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "protocol assignments"],
  ["192.0.2.0", 24, "documentation"],
  ["192.88.99.0", 24, "6to4 relay"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "benchmarking"],
  ["198.51.100.0", 24, "documentation"],
  ["203.0.113.0", 24, "documentation"],
  ["224.0.0.0", 4, "multicast"],
  ["240.0.0.0", 4, "reserved or broadcast"],
];

/** Only 2000::/3 is global unicast; these parts of it are not, or carry an IPv4 address that could be a private one. */
const refusedV6: readonly (readonly [network: string, prefix: number, kind: string])[] = [
  ["2001::", 23, "Teredo or protocol assignments"],
  ["2001:db8::", 32, "documentation"],
  ["2002::", 16, "6to4"],
  ["3fff::", 20, "documentation"],
];

/** Named for the message; anything else outside 2000::/3 is refused as "not global". */
const namedV6: readonly (readonly [network: string, prefix: number, kind: string])[] = [
  ["::", 128, "unspecified"],
  ["::1", 128, "loopback"],
  ["::ffff:0:0", 96, "IPv4-mapped"],
  ["64:ff9b::", 96, "NAT64"],
  ["64:ff9b:1::", 48, "NAT64"],
  ["fc00::", 7, "private"],
  ["fe80::", 10, "link-local"],
  ["ff00::", 8, "multicast"],
];

type Rule = readonly [list: BlockList, kind: string];

function rules(family: "ipv4" | "ipv6", table: readonly (readonly [string, number, string])[]): Rule[] {
  return table.map(([network, prefix, kind]) => {
    const list = new BlockList();
    list.addSubnet(network, prefix, family);
    return [list, kind];
  });
}

const v4 = rules("ipv4", refusedV4);
const v6 = rules("ipv6", [...refusedV6, ...namedV6]);
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");

/** Why a request to this address is refused, or undefined for a public one. Text that is no address is refused too. */
export function refusedAddress(address: string): string | undefined {
  const bare = address.replace(/%.*$/, "");
  if (isIP(bare) === 4) return v4.find(([list]) => list.check(bare, "ipv4"))?.[1];
  if (!isIPv6(bare)) return "not an IP address";
  // BlockList answers for a mapped address as for the IPv4 one inside; the family is what is refused here.
  if (/^::ffff:/i.test(canonicalV6(bare))) return "IPv4-mapped";
  return v6.find(([list]) => list.check(bare, "ipv6"))?.[1] ?? (global.check(bare, "ipv6") ? undefined : "not global");
}

function canonicalV6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** Names that stand for this machine or its network whatever a resolver says (RFC 6761, RFC 6762, cloud metadata). */
export function refusedName(host: string): string | undefined {
  if (host === "localhost" || host.endsWith(".localhost")) return "this machine";
  if (/\.(?:local|internal|localdomain|home\.arpa)$/.test(host)) return "a local network";
  return undefined;
}
