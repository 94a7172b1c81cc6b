import { homedir, tmpdir } from "node:os";
import { type LoadedConfig, loadConfig } from "@openclaw/core/config";
import { type Paths, resolvePaths } from "@openclaw/core/paths";
import { channelManifests } from "@openclaw/gateway/manifests";
import type { CommandContext } from "../command-line/command.ts";

/** Paths of the installation that a command line means. */
export function installationPaths({ env, profile, dev }: Pick<CommandContext, "env" | "profile" | "dev">): Paths {
  const uid = process.getuid?.();
  return resolvePaths({
    env,
    homedir: homedir(),
    profile,
    dev,
    tmpdir: tmpdir(),
    ...(uid === undefined ? {} : { uid }),
  });
}

export interface Installation {
  paths: Paths;
  loaded: LoadedConfig;
}

/**
 * The configuration as it stands, problems included: the caller decides what they mean. Without `validate` nobody looks
 * for problems, which makes a command fast that only needs to know where the gateway is.
 */
export async function loadInstallation(
  context: CommandContext,
  { validate = true }: { validate?: boolean } = {},
): Promise<Installation> {
  const paths = installationPaths(context);
  const loaded = await loadConfig({ env: context.env, cwd: context.cwd, paths, manifests: channelManifests, validate });
  return { paths, loaded };
}
