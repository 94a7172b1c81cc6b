import { type ConfigPath, rewriteLegacy } from "@openclaw/core/config";
import { channelManifests } from "@openclaw/gateway/manifests";

/** Where a setting stands nowadays, for a path in an older spelling: `models.defaults.model` is `agents.defaults.model`. */
export function canonicalPath(path: ConfigPath): ConfigPath {
  const probe: unknown = path.reduceRight<unknown>(
    (value, step) => (typeof step === "number" ? [value] : { [step]: value }),
    "x",
  );
  const { rewrites } = rewriteLegacy(probe, {
    channels: channelManifests.filter(({ kind }) => kind === "channel").map(({ id }) => id),
    rules: channelManifests.flatMap(({ rewrites: rules }) => rules),
  });
  const found = rewrites.find(
    ({ fromPath, toPath }) =>
      toPath.length > 0 && fromPath.length <= path.length && fromPath.every((step, index) => step === path[index]),
  );
  // A list index of the probe says nothing about the list in the file.
  if (!found || found.toPath.some((step) => typeof step === "number")) return path;
  return [...found.toPath, ...path.slice(found.fromPath.length)];
}
