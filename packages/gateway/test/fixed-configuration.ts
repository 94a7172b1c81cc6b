import { applyDefaults, loadConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import type { Configuration } from "../src/configuration/configuration.ts";
import { channelManifests } from "../src/manifests/index.ts";

/** A configuration that stands in no file. */
export function fixedConfiguration(
  config: Record<string, unknown>,
  paths: Paths,
  env: Record<string, string> = {},
): Configuration {
  const current = applyDefaults(config);
  return {
    paths,
    manifests: channelManifests,
    homedir: "/nonexistent",
    version: "0.0.0",
    current: () => current,
    env: () => env,
    read: () => loadConfig({ env, cwd: paths.stateDir, paths, manifests: channelManifests }),
    degraded: () => undefined,
    markGood: () => {},
    fallBack: async () => false,
    watch: () => {},
    use: () => {},
    refresh: async () => {},
    close: () => {},
  };
}
