import type { OpenClawConfig } from "@openclaw/core/config";

/** Options that every command talking to a gateway takes. */
export interface GatewayOptions {
  /** `--url`: another gateway than the configured one. */
  url?: string;
  token?: string;
  password?: string;
  /** Milliseconds for one call. */
  timeout?: number;
}

export interface GatewayAddress {
  url: string;
  token?: string;
  password?: string;
  /** The address is this machine's own, though not a loopback one. */
  allowInsecure: boolean;
  /** The gateway of this installation, rather than one elsewhere. */
  local: boolean;
}

export interface AddressSources {
  gateway: OpenClawConfig["gateway"];
  /** The process's variables with `.env` files folded in. */
  env: Readonly<Record<string, string | undefined>>;
  /** The process's variables alone: a `.env` in somebody's repository must not send the token elsewhere. */
  processEnv: Readonly<Record<string, string | undefined>>;
  defaultPort: number;
}

/** Port of `ws://host` without one. */
const GATEWAY_PORT = 18_789;

/** Where the gateway is and what it wants to see: flags, then environment, then the configuration's local or remote part. */
export function gatewayAddress(
  options: GatewayOptions,
  { gateway, env, processEnv, defaultPort }: AddressSources,
): GatewayAddress {
  const token = options.token ?? (env.OPENCLAW_GATEWAY_TOKEN || undefined);
  const password = options.password ?? (env.OPENCLAW_GATEWAY_PASSWORD || undefined);
  const given = options.url ?? (processEnv.OPENCLAW_GATEWAY_URL || undefined);
  // The configured secrets belong to the configured gateway alone: they never go to an address given by hand.
  if (given !== undefined) return { url: withPort(given), token, password, allowInsecure: false, local: false };
  const remote = gateway?.mode === "remote" ? gateway.remote : undefined;
  if (remote?.url) {
    return {
      url: withPort(remote.url),
      token: token ?? remote.token,
      password: password ?? remote.password,
      allowInsecure: false,
      local: false,
    };
  }
  const port = Number(env.OPENCLAW_GATEWAY_PORT) || gateway?.port || defaultPort;
  const own = gateway?.bind === "custom" ? gateway.customBindHost : undefined;
  const host = own && own !== "0.0.0.0" && own !== "::" ? own : "127.0.0.1";
  return {
    url: `ws://${host.includes(":") ? `[${host}]` : host}:${port}`,
    token: token ?? gateway?.auth?.token,
    password: password ?? gateway?.auth?.password,
    allowInsecure: true,
    local: true,
  };
}

/**
 * `ws://host` means port 18789; `wss://` keeps its own default. The dashboard's http address means its socket. Anything
 * that is no URL is left for the client to refuse.
 */
function withPort(address: string): string {
  const url = address.replace(/^http/, "ws");
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.protocol === "ws:" && parsed.port === "" && !/:80(\/|$)/.test(url)) parsed.port = String(GATEWAY_PORT);
  return parsed.toString();
}
