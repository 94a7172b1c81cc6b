import type { ConfigManifest } from "@openclaw/core/config";
import { channelManifests as generated } from "./generated/index.js";

/** Manifests of every channel that is built in or published by us, compiled ahead. Hand them to `loadConfig`. */
export const channelManifests: readonly ConfigManifest[] = generated;
