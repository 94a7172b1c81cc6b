import type { LoadedConfig } from "@openclaw/core/config";

/**
 * The dashboard's address with the token in the fragment: a fragment is never sent to a server, and the page takes it
 * out of the address bar at once. Password mode has no link that signs in.
 */
export function dashboardUrl({ config, env }: Pick<LoadedConfig, "config" | "env">, { port, withToken = true }: { port: number; withToken?: boolean }): string {
  const base = `http://127.0.0.1:${port}${config.gateway?.controlUi?.basePath ?? ""}/`;
  const token = env.OPENCLAW_GATEWAY_TOKEN || config.gateway?.auth?.token;
  if (!withToken || !token || config.gateway?.auth?.mode === "password") return base;
  return `${base}#token=${encodeURIComponent(token)}`;
}
