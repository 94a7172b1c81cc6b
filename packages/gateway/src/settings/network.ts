import { networkInterfaces } from "node:os";
import { OpenClawError } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";

export interface NetworkSettings {
  /** Addresses to listen on; the first must work. */
  hosts: string[];
  port: number;
  loopbackOnly: boolean;
}

export interface NetworkOptions {
  /** `--bind`, over `gateway.bind`. */
  bind?: string;
  /** `--port`, over `OPENCLAW_GATEWAY_PORT`, over `gateway.port`. */
  port?: number;
  env: Readonly<Record<string, string | undefined>>;
  /** Port when nothing names one. */
  defaultPort: number;
}

const loopback = ["127.0.0.1", "::1"];

export function resolveNetwork(config: OpenClawConfig, options: NetworkOptions): NetworkSettings {
  const hosts = hostsOf(options.bind ?? config.gateway?.bind ?? "loopback", config.gateway?.customBindHost);
  return { hosts, port: portOf(config, options), loopbackOnly: hosts.every((host) => loopback.includes(host)) };
}

function portOf(config: OpenClawConfig, { port, env, defaultPort }: NetworkOptions): number {
  const fromEnv = env.OPENCLAW_GATEWAY_PORT;
  const wanted = port ?? (fromEnv ? Number(fromEnv) : (config.gateway?.port ?? defaultPort));
  if (Number.isInteger(wanted) && wanted >= 0 && wanted <= 65_535) return wanted;
  throw new OpenClawError({
    code: "PORT_INVALID",
    message: `${port !== undefined ? `--port ${port}` : `OPENCLAW_GATEWAY_PORT=${fromEnv}`} is not a port.`,
    hint: "Use a whole number from 1 to 65535, or 0 for any free port.",
  });
}

function hostsOf(bind: string, custom: string | undefined): string[] {
  switch (bind) {
    case "loopback":
    case "auto":
      return loopback;
    case "lan":
      return ["0.0.0.0"];
    case "tailnet": {
      const address = tailnetAddress();
      if (address) return [address, "127.0.0.1"];
      throw new OpenClawError({
        code: "TAILNET_MISSING",
        message: "gateway.bind is tailnet, but this machine has no tailnet address (100.64.0.0/10).",
        hint: "Start Tailscale, or set gateway.bind to loopback.",
      });
    }
    case "custom":
      if (custom) return [custom];
      throw new OpenClawError({
        code: "BIND_INVALID",
        message: "gateway.bind is custom, but gateway.customBindHost is not set.",
        hint: "Set gateway.customBindHost to the address to listen on.",
      });
    default:
      throw new OpenClawError({
        code: "BIND_INVALID",
        message: `--bind ${JSON.stringify(bind)} is not known.`,
        hint: "Use loopback, lan, tailnet, auto or custom.",
      });
  }
}

/** CGNAT range that Tailscale hands out. */
function tailnetAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ address, family }) => {
    const [first, second] = address.split(".").map(Number);
    return family === "IPv4" && first === 100 && second !== undefined && second >= 64 && second <= 127;
  })?.address;
}
