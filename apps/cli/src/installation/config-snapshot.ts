import { createSecretMatcher, type LoadedConfig, redactConfig, redactRaw } from "@openclaw/core/config";
import { channelManifests } from "@openclaw/gateway/manifests";

/** What `config.get` answers: the file as it stands now, every secret masked. */
export async function configSnapshot(loaded: LoadedConfig): Promise<Record<string, unknown>> {
  const isSecret = await createSecretMatcher(channelManifests);
  const { path, exists, raw, parsed, valid, config, hash, issues, warnings, rewrites } = loaded;
  return {
    path,
    exists,
    raw: redactRaw(raw, isSecret),
    parsed: redactConfig(parsed ?? {}, isSecret),
    valid,
    config: redactConfig(config, isSecret),
    hash,
    issues,
    warnings,
    legacyIssues: rewrites.map(({ from, message }) => ({ path: from, message })),
  };
}
