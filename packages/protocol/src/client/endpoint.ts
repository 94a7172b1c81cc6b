import { GatewayError } from "../gateway-error.ts";

export interface Endpoint {
  /** What the socket opens. */
  url: string;
  /** Scheme, host and port: what device tokens are kept under. */
  gateway: string;
}

/** Reads a gateway address, or throws `GATEWAY_URL_INVALID` or `GATEWAY_INSECURE_URL`. Errors never repeat credentials. */
export function parseEndpoint(address: string, allowInsecure = false): Endpoint {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== "ws:" && url.protocol !== "wss:") || url.username !== "" || url.password !== "") {
    throw new GatewayError({
      code: "GATEWAY_URL_INVALID",
      message:
        url?.username || url?.password
          ? "the gateway address contains credentials"
          : "the gateway address is not a ws:// or wss:// URL",
      hint: "Use the form ws://127.0.0.1:18789 or wss://host, and give the token separately.",
    });
  }
  if (url.protocol === "ws:" && !allowInsecure && !isLoopback(url.hostname)) {
    throw new GatewayError({
      code: "GATEWAY_INSECURE_URL",
      message: `refusing to send credentials unencrypted to ${url.host}`,
      hint: `Use wss://${url.host}, or an SSH tunnel and ws://127.0.0.1. Set allowInsecure only on a network you trust.`,
    });
  }
  url.hash = "";
  return { url: url.href, gateway: `${url.protocol}//${url.host}` };
}

/** A name or address that can only mean this machine. `URL` has already normalised forms such as 127.1 or 0x7f.0.0.1. */
const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
