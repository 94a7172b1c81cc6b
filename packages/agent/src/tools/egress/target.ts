import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";
import { OpenClawError } from "@openclaw/core";
import { refusedAddress, refusedName } from "./address.ts";

/** Resolves a name to all its addresses, as `dns.promises.lookup(host, { all: true })`. */
export type EgressLookup = (host: string) => Promise<readonly LookupAddress[]>;

/** Says that this host may be reached at this non-public address, e.g. a configured local server. */
export type AllowPrivate = (target: { host: string; address: string; port: number }) => boolean;

export interface Target {
  url: URL;
  /** Lower case, no brackets, no trailing dot. */
  host: string;
  port: number;
  /** Every one was checked; the connection goes to one of these and nowhere else. */
  addresses: LookupAddress[];
}

/** Parses and checks what can be judged without the network. */
export function parseTarget(input: string | URL, base?: URL): { url: URL; host: string; port: number } {
  const url = URL.canParse(String(input), base?.href) ? new URL(String(input), base) : undefined;
  if (!url)
    throw new OpenClawError({
      code: "EGRESS_URL",
      message: `"${String(input).slice(0, 200)}" is not a URL.`,
      hint: "Give a complete address such as https://example.com/page.",
    });
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new OpenClawError({
      code: "EGRESS_URL",
      message: `Addresses that start with "${url.protocol}" cannot be fetched.`,
      hint: "Use an http or https address.",
    });
  if (url.username || url.password)
    throw new OpenClawError({
      code: "EGRESS_URL",
      message: `The address of ${url.hostname} contains a user name or password.`,
      hint: "Remove the part before the @.",
    });
  // The URL parser has already turned decimal, octal and hexadecimal forms of an IPv4 address into dotted ones.
  const host = url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.+$/, "")
    .toLowerCase();
  if (!host)
    throw new OpenClawError({
      code: "EGRESS_URL",
      message: `"${url.href}" names no host.`,
      hint: "Give a complete address such as https://example.com/page.",
    });
  return { url, host, port: Number(url.port) || (url.protocol === "https:" ? 443 : 80) };
}

/** Resolves the target and refuses it unless every address is public or allowed. */
export async function resolveTarget(
  target: { url: URL; host: string; port: number },
  lookup: EgressLookup,
  allowPrivate: AllowPrivate | undefined,
): Promise<Target> {
  const { host, port } = target;
  const family = isIP(host);
  let addresses: LookupAddress[];
  try {
    addresses = family ? [{ address: host, family }] : [...(await lookup(host))];
  } catch (cause) {
    throw new OpenClawError({
      code: "EGRESS_FAILED",
      message: `The name ${host} could not be resolved.`,
      hint: "Check the spelling of the address and the network connection.",
      cause,
    });
  }
  if (addresses.length === 0)
    throw new OpenClawError({
      code: "EGRESS_FAILED",
      message: `The name ${host} has no address.`,
      hint: "Check the spelling of the address.",
    });
  const named = refusedName(host);
  for (const { address } of addresses) {
    const reason = refusedAddress(address) ?? (named && `stands for ${named}`);
    if (reason && !allowPrivate?.({ host, address, port }))
      throw new OpenClawError({
        code: "EGRESS_REFUSED",
        message: `${host} is not on the public internet (${reason}), so it was not fetched.`,
        hint: "Only public addresses can be fetched; this protects the machine and its network.",
        details: { host, reason },
      });
  }
  return { ...target, addresses };
}
