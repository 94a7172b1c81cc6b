import type { OpenClawConfig } from "@openclaw/core/config";

export interface DashboardOptions {
  port: number;
  /** `--token` of the gateway, over what the environment and configuration say. */
  token?: string;
  /** Leave the token out. */
  bare?: boolean;
}

/**
 * The dashboard's address with the token in the fragment: a fragment is never sent to a server, and the page takes it
 * out of the address bar at once. Password mode has no link that signs in.
 */
export function dashboardUrl(
  gateway: OpenClawConfig["gateway"],
  env: Readonly<Record<string, string | undefined>>,
  { port, token, bare = false }: DashboardOptions,
): string {
  const own = gateway?.bind === "custom" ? gateway.customBindHost : undefined;
  const host = own && own !== "0.0.0.0" && own !== "::" ? own : "127.0.0.1";
  const base = `http://${host.includes(":") ? `[${host}]` : host}:${port}${(gateway?.controlUi?.basePath ?? "").replace(/\/$/, "")}/`;
  const secret = token ?? (env.OPENCLAW_GATEWAY_TOKEN || gateway?.auth?.token);
  if (bare || !secret || gateway?.auth?.mode === "password") return base;
  return `${base}#token=${encodeURIComponent(secret)}`;
}
