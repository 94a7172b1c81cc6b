import { type Clock, systemClock } from "@openclaw/core";
import { type ConfigManifest, createLastKnownGood, loadConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { createConfigEditor } from "../configuration/config-editor.ts";
import { instanceOwner } from "../installation/instance-owner.ts";
import type { DoctorContext } from "./check.ts";

export interface DoctorOptions {
  paths: Paths;
  /** The process's variables. */
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  homedir: string;
  manifests: readonly ConfigManifest[];
  /** Of the program; stamped into files that a fix writes. */
  version: string;
  clock?: Clock;
}

/** Reads what the checks look at. Writes nothing, and needs neither a gateway nor a valid configuration. */
export async function readContext({ clock = systemClock, ...options }: DoctorOptions): Promise<DoctorContext> {
  const { paths, env, cwd, homedir, manifests, version } = options;
  const loadOptions = { env, cwd, homedir, manifests, paths, configPath: paths.configPath };
  const loaded = await loadConfig(loadOptions);
  const stored = loaded.valid ? undefined : await createLastKnownGood(paths.lastKnownGoodDir).load(loadOptions);
  const inForce = loaded.valid ? loaded : stored?.loaded.valid ? stored.loaded : undefined;
  const owner = instanceOwner(paths.lockPath);
  const source = { paths, manifests, homedir, version, env: () => loaded.env, read: () => loadConfig(loadOptions) };
  return {
    paths,
    homedir,
    manifests,
    version,
    clock,
    loaded,
    ...(inForce ? { config: inForce.config } : {}),
    env: inForce?.env ?? loaded.env,
    ...(owner ? { owner } : {}),
    editor: createConfigEditor(source, clock.now),
  };
}
