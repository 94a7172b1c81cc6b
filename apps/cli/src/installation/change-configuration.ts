import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { OpenClawError } from "@openclaw/core";
import {
  type ConfigEdit,
  type ConfigIssue,
  formatIssue,
  loadConfig,
  type LoadedConfig,
  planEdits,
  writePlan,
} from "@openclaw/core/config";
import { channelManifests } from "@openclaw/gateway/manifests";
import { instanceOwner } from "@openclaw/gateway/installation";
import type { CommandContext } from "../command-line/command.ts";
import { version } from "../version.ts";
import { type Installation, loadInstallation } from "./installation.ts";

export interface ConfigurationChange {
  /** Files that were written; empty when everything stood there already. */
  written: string[];
  backups: string[];
  /** The configuration as it is now. */
  loaded: LoadedConfig;
  /** The running gateway, which reads its configuration when it starts. */
  runningPid?: number;
}

/**
 * Edits the configuration and keeps the rest of the text. Refuses with `CONFIG_INVALID`, and writes nothing, when the
 * change would bring a problem that is not there yet; a file that is broken elsewhere can be mended key by key.
 */
export async function changeConfiguration(
  context: CommandContext,
  edits: readonly ConfigEdit[],
  installation?: Installation,
): Promise<ConfigurationChange> {
  const { paths, loaded: before } = installation ?? (await loadInstallation(context));
  const plan = planEdits(before, edits, { homedir: homedir(), stamp: { version, now: Date.now() } });
  const after = await loadWith(context, { paths, loaded: before }, new Map(plan.map(({ path, text }) => [path, text])));
  const known = new Set(before.issues.map(identity));
  const fresh = after.issues.filter((issue) => !known.has(identity(issue)));
  if (fresh.length > 0) {
    throw new OpenClawError({
      code: "CONFIG_INVALID",
      message: `The change is not valid, so nothing was written:\n${fresh.map((issue) => `  ${describe(issue)}`).join("\n")}`,
      details: { issues: fresh },
    });
  }
  const results = writePlan(plan).filter(({ written }) => written);
  const owner = instanceOwner(paths.lockPath);
  return {
    written: results.map(({ path }) => path),
    backups: results.flatMap(({ backup }) => backup ?? []),
    loaded: after,
    ...(owner ? { runningPid: owner.pid } : {}),
  };
}

/** What the configuration would be with other texts in its files. Nothing is written. */
export function loadWith(
  context: CommandContext,
  { paths, loaded }: Installation,
  texts: ReadonlyMap<string, string>,
): Promise<LoadedConfig> {
  const known = new Map(loaded.files.map(({ path, text }) => [path, text]));
  return loadConfig({
    env: context.env,
    cwd: context.cwd,
    paths,
    manifests: channelManifests,
    readFile: (path) => texts.get(path) ?? known.get(path) ?? readFileSync(path, "utf8"),
  });
}

/** What happens after a change, for the end of a command's answer; undefined when no gateway runs. */
export function nextStep({
  runningPid,
  loaded,
}: Pick<ConfigurationChange, "runningPid" | "loaded">): string | undefined {
  if (runningPid === undefined) return undefined;
  return loaded.config.gateway?.reload?.mode === "off"
    ? `gateway.reload.mode is off, so the running gateway (pid ${runningPid}) takes it up with: openclaw gateway restart`
    : `The running gateway (pid ${runningPid}) takes it up by itself.`;
}

const identity = ({ code, path, message }: ConfigIssue) => JSON.stringify([code, path, message]);

const describe = (issue: ConfigIssue) => formatIssue(issue).replace(/^.*?:\d+:\d+ /, "");
