import { homedir } from "node:os";
import { OpenClawError } from "@openclaw/core";
import {
  type ConfigEdit,
  type LoadedConfig,
  formatIssue,
  loadConfig,
  planEdits,
  writePlan,
} from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { readFileSync } from "node:fs";
import { channelManifests } from "../../manifests/index.ts";

export interface ConfigEditor {
  /** The file as it stands now, problems included. */
  read(): Promise<LoadedConfig>;
  /**
   * Changes the file, comments kept. Fails with `CONFIG_INVALID`, naming each key, when the result would not be valid, and
   * with `CONFIG_INCLUDED` or `CONFIG_CHANGED` as core's `planEdits` and `writePlan` do; nothing is written then.
   */
  write(edits: readonly ConfigEdit[]): Promise<void>;
}

export interface ConfigEditorOptions {
  paths: Paths;
  env: Readonly<Record<string, string | undefined>>;
  version: string;
  now(): number;
}

export function createConfigEditor({ paths, env, version, now }: ConfigEditorOptions): ConfigEditor {
  const options = { env, cwd: process.cwd(), paths, manifests: channelManifests };

  return {
    read: () => loadConfig(options),
    async write(edits) {
      const loaded = await loadConfig(options);
      const plan = planEdits(loaded, edits, { homedir: homedir(), stamp: { version, now: now() } });
      const planned = new Map(plan.map(({ path, text }) => [path, text]));
      const after = await loadConfig({
        ...options,
        readFile: (path) => planned.get(path) ?? readFileSync(path, "utf8"),
      });
      const before = new Set(loaded.issues.map(({ path, message }) => `${path}\n${message}`));
      const added = after.issues.filter(({ path, message }) => !before.has(`${path}\n${message}`));
      if (added.length > 0)
        throw invalid(added.map((issue) => formatIssue({ ...issue, file: "" }).replace(/^:\d+:\d+ /, "")));
      writePlan(plan);
    },
  };
}

function invalid(problems: readonly string[]): OpenClawError {
  return new OpenClawError({
    code: "CONFIG_INVALID",
    message: problems.slice(0, 5).join("\n"),
    hint: "Nothing was changed.",
    details: { problems },
  });
}
