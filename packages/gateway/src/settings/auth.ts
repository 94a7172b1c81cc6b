import { OpenClawError } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { AuthSettings } from "../server/auth.ts";

export interface AuthOverrides {
  token?: string;
  password?: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Flags, then `OPENCLAW_GATEWAY_TOKEN` and `OPENCLAW_GATEWAY_PASSWORD`, then the configuration. */
export function authSettings(config: OpenClawConfig, { token, password, env }: AuthOverrides): AuthSettings {
  const auth = config.gateway?.auth;
  const mode = auth?.mode ?? (password && !token ? "password" : "token");
  return {
    mode,
    token: token ?? (env.OPENCLAW_GATEWAY_TOKEN || auth?.token),
    password: password ?? (env.OPENCLAW_GATEWAY_PASSWORD || auth?.password),
    allowTailscale: auth?.allowTailscale ?? (config.gateway?.tailscale?.mode === "serve" && mode !== "password"),
  };
}

/** A gateway without a credential serves nobody; one that others can reach must not even start. */
export function assertAuth(settings: AuthSettings, loopbackOnly: boolean): void {
  if (settings[settings.mode]) return;
  throw new OpenClawError({
    code: "AUTH_MISSING",
    message: loopbackOnly
      ? `The gateway has no ${settings.mode}: gateway.auth.${settings.mode} is not set.`
      : `The gateway refuses to listen beyond this machine without a ${settings.mode}: gateway.auth.${settings.mode} is not set.`,
    hint:
      settings.mode === "token"
        ? "Run `openclaw doctor --generate-gateway-token`, or set OPENCLAW_GATEWAY_TOKEN."
        : "Set OPENCLAW_GATEWAY_PASSWORD, or gateway.auth.password.",
  });
}
