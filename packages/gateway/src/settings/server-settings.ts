import type { OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import type { HttpOptions } from "../http/index.ts";
import type { ServerSettings } from "../server/server-options.ts";
import { type AuthOverrides, authSettings } from "./auth.ts";

/** What the server asks for at every request. */
export function serverSettings(config: OpenClawConfig, overrides: AuthOverrides): ServerSettings {
  const { gateway } = config;
  const controlUi = gateway?.controlUi;
  return {
    auth: authSettings(config, overrides),
    trustedProxies: gateway?.trustedProxies ?? [],
    allowedOrigins: controlUi?.allowedOrigins ?? [],
    allowInsecureControlUi: controlUi?.allowInsecureAuth ?? false,
    disableControlUiDeviceAuth: controlUi?.dangerouslyDisableDeviceAuth ?? false,
  };
}

/** Where the dashboard's files are and what its page is told; undefined when it is switched off. */
export function controlUiSettings(
  config: () => OpenClawConfig,
  paths: Paths,
  packaged: string | undefined,
): HttpOptions["controlUi"] {
  const settings = config().gateway?.controlUi;
  const directory = settings?.root ? paths.expand(settings.root) : packaged;
  if (!directory || settings?.enabled === false) return undefined;
  return {
    directory,
    basePath: settings?.basePath,
    bootstrap() {
      const assistant = config().ui?.assistant;
      return { assistantName: assistant?.name ?? "Assistant", assistantAvatar: assistant?.avatar ?? "A" };
    },
  };
}
