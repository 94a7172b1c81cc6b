import { readFileSync } from "node:fs";
import { OpenClawError } from "@openclaw/core";
import {
  type ConfigEdit,
  type ConfigIssue,
  type LoadedConfig,
  formatIssue,
  loadConfig,
  planEdits,
  writePlan,
} from "@openclaw/core/config";
import type { Configuration } from "./configuration.ts";

export interface ConfigEditor {
  /** The file as it stands now, problems included. */
  read(): Promise<LoadedConfig>;
  /** Loads new texts of files as if they had been written. Fails with `CONFIG_INVALID`, naming each key. */
  rehearse(texts: ReadonlyMap<string, string>): Promise<LoadedConfig>;
  /**
   * Changes the file, comments kept, when that makes nothing wrong that was right before. Fails with `CONFIG_INVALID`, and with `CONFIG_INCLUDED` or
   * `CONFIG_CHANGED` as core's `planEdits` and `writePlan` do; nothing is written then.
   */
  write(edits: readonly ConfigEdit[]): Promise<LoadedConfig>;
}

/** What an editor needs of a configuration; `doctor` has that much without a running gateway. */
export type ConfigSource = Pick<Configuration, "paths" | "manifests" | "homedir" | "version" | "env" | "read">;

export function createConfigEditor(
  { paths, manifests, homedir, version, env, read }: ConfigSource,
  now: () => number,
): ConfigEditor {
  async function rehearse(
    texts: ReadonlyMap<string, string>,
    before: readonly ConfigIssue[] = [],
  ): Promise<LoadedConfig> {
    const readFile = (path: string) => texts.get(path) ?? readFileSync(path, "utf8");
    const next = await loadConfig({
      env: env(),
      cwd: paths.stateDir,
      homedir,
      manifests,
      paths,
      configPath: paths.configPath,
      readFile,
    });
    const known = new Set(before.map(({ path, message }) => `${path}\n${message}`));
    const issues = next.issues.filter(({ path, message }) => !known.has(`${path}\n${message}`));
    if (issues.length === 0) return next;
    throw new OpenClawError({
      code: "CONFIG_INVALID",
      // The positions are those of a text that was never written: they would mislead.
      message: issues.map((issue) => formatIssue({ ...issue, file: "" }).replace(/^:\d+:\d+ /, "")).join("\n"),
      hint: "Nothing was changed.",
      details: { issues },
    });
  }

  return {
    read,
    rehearse: (texts) => rehearse(texts),
    async write(edits) {
      const loaded = await read();
      const plan = planEdits(loaded, edits, { homedir, stamp: { version, now: now() } });
      const next = await rehearse(new Map(plan.map(({ path, text }) => [path, text])), loaded.issues);
      writePlan(plan);
      return next;
    },
  };
}
