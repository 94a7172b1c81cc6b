import { rootDefaults } from "./generated/defaults.ts";
import type { OpenClawConfig, ResolvedConfig } from "./generated/types.ts";
import type { ConfigManifest } from "./manifest.ts";
import { isPlain, type Plain } from "./path.ts";

/**
 * Fills in the defaults that stand at fixed paths. Lists, maps and accounts are left as written, for much of what they
 * hold inherits from elsewhere; so are channels that are not configured. The argument is not changed; what needs no
 * default is shared with it.
 */
export function applyDefaults(config: OpenClawConfig, manifests: readonly ConfigManifest[] = []): ResolvedConfig {
  const own = new Set<Plain>();
  const copy = (section: Plain): Plain => {
    if (own.has(section)) return section;
    const result = { ...section };
    own.add(result);
    return result;
  };
  const fill = (section: Plain, path: readonly string[], value: unknown): void => {
    const [key, ...rest] = path;
    if (key === undefined) return;
    if (rest.length === 0) {
      section[key] ??= typeof value === "object" ? structuredClone(value) : value;
      return;
    }
    const child = section[key] ?? {};
    if (!isPlain(child)) return;
    const below = copy(child);
    section[key] = below;
    fill(below, rest, value);
  };
  const result: Plain = copy({ ...config });
  for (const [path, value] of rootDefaults) fill(result, path, value);
  for (const { id, kind, defaults } of manifests) {
    if (kind !== "channel" || !isPlain(result.channels) || !isPlain(result.channels[id])) continue;
    for (const [path, value] of defaults) fill(result, ["channels", id, ...path], value);
  }
  return result as unknown as ResolvedConfig;
}

/** The defaults of a file that sets nothing. */
export function defaultConfig(): ResolvedConfig {
  return applyDefaults({});
}
