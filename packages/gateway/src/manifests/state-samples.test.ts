import { join } from "node:path";
import { loadConfig } from "@openclaw/core/config";
import { expect, test } from "vitest";
import { channelManifests } from "./index.ts";

test.each(["openclaw.json", "openclaw.onboard.json"])(
  "%s of an existing installation is valid as it is",
  async (name) => {
    const configPath = join(import.meta.dirname, "fixtures/state", name);
    const { issues, rewrites, exists } = await loadConfig({
      env: {},
      cwd: import.meta.dirname,
      stateDir: import.meta.dirname,
      configPath,
      manifests: channelManifests,
    });
    expect(exists).toBe(true);
    expect(issues).toEqual([]);
    expect(rewrites).toEqual([]);
  },
);
