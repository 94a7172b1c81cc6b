import { OpenClawError } from "@openclaw/core";
import { type ConfigPath, type OpenClawConfig, formatPath, validateConfig } from "@openclaw/core/config";
import { channelManifests } from "../../manifests/index.ts";

/** Values that hold until the gateway ends, over those of the file. */
export interface ConfigOverrides {
  /** The configuration with the overrides in it; the same object as long as nothing changes. */
  over(config: OpenClawConfig): OpenClawConfig;
  /** Fails with `CONFIG_INVALID` when the schema refuses the value. `config`: what it is laid over. */
  set(path: ConfigPath, value: unknown, config: OpenClawConfig): Promise<void>;
  /** False when there was none. */
  unset(path: ConfigPath): boolean;
  reset(): void;
  list(): readonly { path: string; value: unknown }[];
}

export function createConfigOverrides(): ConfigOverrides {
  const values = new Map<string, { path: ConfigPath; value: unknown }>();
  let cached: { base: OpenClawConfig; result: OpenClawConfig } | undefined;

  const apply = (config: OpenClawConfig) =>
    [...values.values()].reduce<unknown>(
      (result, { path, value }) => withValue(result, path, value),
      config,
    ) as OpenClawConfig;

  return {
    over(config) {
      if (values.size === 0) return config;
      if (cached?.base !== config) cached = { base: config, result: apply(config) };
      return cached.result;
    },
    async set(path, value, config) {
      const known = new Set(
        (await validateConfig(apply(config), channelManifests)).map(
          (finding) => `${formatPath(finding.path)}\n${finding.message}`,
        ),
      );
      const findings = await validateConfig(withValue(apply(config), path, value), channelManifests);
      const added = findings.filter((finding) => !known.has(`${formatPath(finding.path)}\n${finding.message}`));
      if (added.length > 0) throw refusal(added.map((finding) => `${formatPath(finding.path)}: ${finding.message}`));
      // A value inside another override goes away with it.
      for (const [name, other] of values) if (isInside(other.path, path)) values.delete(name);
      values.set(formatPath(path), { path, value });
      cached = undefined;
    },
    unset(path) {
      cached = undefined;
      return values.delete(formatPath(path));
    },
    reset() {
      cached = undefined;
      values.clear();
    },
    list: () => [...values].map(([path, { value }]) => ({ path, value })),
  };
}

function isInside(path: ConfigPath, outer: ConfigPath): boolean {
  return outer.every((step, index) => String(step) === String(path[index]));
}

/** A copy of the data with a value at a path; sections on the way are made. */
function withValue(data: unknown, path: ConfigPath, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(data) && Number.isInteger(Number(step))) {
    const copy = [...(data as unknown[])];
    copy[Math.min(copy.length, Number(step))] = withValue(copy[Number(step)], rest, value);
    return copy;
  }
  const section =
    typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : {};
  const inner = Object.hasOwn(section, step) ? section[step] : undefined;
  return { ...section, [step]: withValue(inner, rest, value) };
}

function refusal(problems: readonly string[]): OpenClawError {
  return new OpenClawError({
    code: "CONFIG_INVALID",
    message: problems.slice(0, 5).join("\n"),
    hint: "Nothing was changed.",
  });
}
