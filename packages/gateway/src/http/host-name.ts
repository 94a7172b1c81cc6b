import { isIP } from "node:net";

/** A `Host` header, or the authority of an `Origin`, taken apart. */
export interface HostName {
  /** Lower case; IPv6 without brackets; no trailing dot. */
  name: string;
  /** Undefined when it was not written. */
  port?: number;
}

/** Undefined for anything that is not exactly a host with an optional port. */
export function parseHostHeader(header: string | undefined): HostName | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(header?.trim() ?? "");
  if (!match) return undefined;
  const name = (match[1] ?? match[2] ?? "").toLowerCase().replace(/\.$/, "");
  if (name === "" || (match[1] !== undefined && isIP(name) !== 6)) return undefined;
  return match[3] === undefined ? { name } : { name, port: Number(match[3]) };
}

/** An IP address as it is compared: lower case, no zone, IPv4-mapped IPv6 as IPv4. */
export function normalizeAddress(address: string | undefined): string {
  const bare = (address ?? "")
    .trim()
    .toLowerCase()
    .replace(/%.*$/, "")
    .replace(/^\[(.*)\]$/, "$1");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  return mapped?.[1] ?? bare;
}

export function isLoopbackAddress(address: string): boolean {
  const bare = normalizeAddress(address);
  return bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}

/** `localhost`, a name below it, or a loopback address. */
export function isLoopbackHost(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost") || isLoopbackAddress(name);
}
