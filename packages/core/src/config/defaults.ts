import { rootDefaults } from "./generated/defaults.ts";
import type { OpenClawConfig } from "./generated/types.ts";
import type { ConfigManifest } from "./manifest.ts";
import { isPlain, type Plain } from "./path.ts";

/**
 * Fills in the defaults that stand at fixed paths. Lists, maps and accounts are left as written, for much of what they
 * hold inherits from elsewhere; so are channels that are not configured. The argument is not changed.
 */
export function applyDefaults(config: OpenClawConfig, manifests: readonly ConfigManifest[] = []): OpenClawConfig {
  const result = structuredClone(config) as Plain;
  for (const [path, value] of rootDefaults) fill(result, path, value);
  const channels = result.channels;
  if (isPlain(channels)) {
    for (const { id, kind, defaults } of manifests) {
      const section = channels[id];
      if (kind !== "channel" || !isPlain(section)) continue;
      for (const [path, value] of defaults) fill(section, path, value);
    }
  }
  return result as OpenClawConfig;
}

/** The defaults of a file that sets nothing. */
export function defaultConfig(): OpenClawConfig {
  return applyDefaults({});
}

function fill(target: Plain, path: readonly string[], value: unknown): void {
  let parent = target;
  for (const step of path.slice(0, -1)) {
    const child = (parent[step] ??= {});
    if (!isPlain(child)) return;
    parent = child;
  }
  const key = path.at(-1)!;
  parent[key] ??= typeof value === "object" ? structuredClone(value) : value;
}
