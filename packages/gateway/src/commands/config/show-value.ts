import { type ConfigPath, createSecretMatcher, redactConfig } from "@openclaw/core/config";
import { channelManifests } from "../../manifests/index.ts";

/** A reply of a few screens. */
const MOST_CHARS = 3_500;

/** A part of the configuration as people read it, secrets masked. */
export async function showValue(value: unknown, path: ConfigPath): Promise<string> {
  const masked = redactConfig(value, await createSecretMatcher(channelManifests), path);
  if (typeof masked !== "object" || masked === null) return JSON.stringify(masked);
  const text = JSON.stringify(masked, null, 2);
  return `\`\`\`json\n${text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}\n…` : text}\n\`\`\``;
}
