import type { IncomingHttpHeaders } from "node:http";
import { secretsEqual } from "../devices/index.ts";
import { isLoopbackAddress, normalizeAddress, type Peer } from "../http/index.ts";

/** `gateway.auth` with secrets resolved. Read anew for every request, so that a changed secret counts at once. */
export interface AuthSettings {
  mode: "token" | "password";
  token?: string;
  password?: string;
  /** Believe the identity headers of Tailscale Serve after asking the tailnet daemon. Needs `whois`. */
  allowTailscale?: boolean;
}

/** Asks the tailnet daemon who has this address: the login name, or undefined. */
export type TailscaleWhois = (clientIp: string) => Promise<string | undefined>;

export interface PresentedCredentials {
  token?: string;
  password?: string;
}

export type AuthMethod = "token" | "password" | "tailscale" | "device-token";

export type AuthResult =
  | { ok: true; method: AuthMethod }
  | {
      ok: false;
      reason: "token missing" | "token mismatch" | "password missing" | "password mismatch" | "not configured";
    };

export interface AuthRequest {
  peer: Peer;
  headers: IncomingHttpHeaders;
  credentials: PresentedCredentials;
}

/**
 * The shared secret of the configured mode, then a verified Tailscale Serve identity, then `tryDeviceToken` with the
 * presented token. Coming from loopback authenticates nobody.
 */
export async function resolveAuth(
  request: AuthRequest,
  settings: AuthSettings,
  options: { whois?: TailscaleWhois; tryDeviceToken?: (token: string) => boolean } = {},
): Promise<AuthResult> {
  const shared = checkSharedSecret(request.credentials, settings);
  if (shared.ok) return shared;
  if (settings.allowTailscale && options.whois && (await isTailscaleUser(request, options.whois))) {
    return { ok: true, method: "tailscale" };
  }
  const { token } = request.credentials;
  if (token && options.tryDeviceToken?.(token)) return { ok: true, method: "device-token" };
  return shared;
}

export function checkSharedSecret(presented: PresentedCredentials, settings: AuthSettings): AuthResult {
  const { mode } = settings;
  const expected = settings[mode];
  const given = presented[mode];
  if (!expected) return { ok: false, reason: "not configured" };
  if (!given) return { ok: false, reason: `${mode} missing` };
  return secretsEqual(given, expected) ? { ok: true, method: mode } : { ok: false, reason: `${mode} mismatch` };
}

async function isTailscaleUser({ peer, headers }: AuthRequest, whois: TailscaleWhois): Promise<boolean> {
  const login = headers["tailscale-user-login"];
  const client = headers["x-forwarded-for"];
  const complete = headers["x-forwarded-proto"] !== undefined && headers["x-forwarded-host"] !== undefined;
  if (!isLoopbackAddress(peer.address) || !complete) return false;
  if (typeof login !== "string" || typeof client !== "string") return false;
  const known = await whois(normalizeAddress(client.split(",").at(-1))).catch(() => undefined);
  return known !== undefined && known.toLowerCase() === login.trim().toLowerCase();
}

/** The text for a failed check, with the next step for this kind of client. Never contains a secret. */
export function describeAuthFailure(
  reason: Extract<AuthResult, { ok: false }>["reason"],
  mode: AuthSettings["mode"],
  isBrowser: boolean,
): string {
  if (reason === "not configured") {
    return `unauthorized: gateway ${mode} not configured (set gateway.auth.${mode} on the gateway host)`;
  }
  const hint = isBrowser
    ? mode === "token"
      ? "open the dashboard link that carries the token, or paste the token in Control UI settings"
      : "enter the password in Control UI settings"
    : `set gateway.remote.${mode} to match gateway.auth.${mode}`;
  return `unauthorized: gateway ${reason} (${hint})`;
}
