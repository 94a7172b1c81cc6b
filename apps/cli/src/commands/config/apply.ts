import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { OpenClawError } from "@openclaw/core";
import {
  applyDefaults,
  type ConfigIssue,
  createLastKnownGood,
  formatIssue,
  type LoadedConfig,
  type OpenClawConfig,
  restoreSecretsRaw,
  writeConfigFile,
} from "@openclaw/core/config";
import { probeConfiguration, type Probe } from "@openclaw/gateway/doctor";
import { instanceOwner } from "@openclaw/gateway/installation";
import { channelManifests } from "@openclaw/gateway/manifests";
import type { Command, CommandContext } from "../../command-line/command.ts";
import { exitCodes } from "../../command-line/exit-codes.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { loadWith } from "../../installation/change-configuration.ts";
import { type Installation, loadInstallation } from "../../installation/installation.ts";
import { doctorOptions } from "../doctor.ts";
import { formatProbe, probeData } from "./format-probe.ts";

interface Options extends GatewayOptions {
  file?: string;
  dryRun?: boolean;
}

export const command: Command<Options> = {
  describe: "Take over a whole configuration, after trying it; the one before is backed up",
  examples: [
    ["openclaw config apply --file new.json --dry-run", "what would be wrong, reloaded and restarted; changes nothing"],
    ["openclaw config apply --file new.json", "through the gateway when one runs, else into the file"],
    ["openclaw config apply --dry-run", "the same look at the file as it stands"],
  ],
  options: (yargs) =>
    gatewayOptions(yargs)
      .option("file", { type: "string", describe: "The configuration to take over" })
      .option("dry-run", { type: "boolean", describe: "Only say what would happen" }),
  async run({ file, dryRun = false, ...options }, context) {
    if (file === undefined && !dryRun)
      throw usageError("Which configuration?", "Name it with --file, or add --dry-run to try the one that is there.");
    const installation = await loadInstallation(context);
    const { paths, loaded } = installation;
    const name = file === undefined ? paths.configPath : resolve(context.cwd, file);
    const raw = file === undefined ? loaded.raw : readText(name);
    // A configuration that was printed with its secrets masked gets them back.
    const text = restoreSecretsRaw(raw, loaded.raw);
    const next = await loadWith(context, installation, new Map([[paths.configPath, text]]));
    if (!next.valid) throw invalid(next, name, paths.configPath);
    const current = file === undefined ? await lastGood(context, installation) : undefined;
    const probe = await probeConfiguration({ ...doctorOptions(context), next, ...(current ? { current } : {}) });
    const running = options.url !== undefined || instanceOwner(paths.lockPath) !== undefined;
    const { terminal, json } = context;
    if (dryRun) {
      if (json)
        terminal.json({ ok: probe.bootable, dryRun: true, file: name, valid: true, running, ...probeData(probe) });
      else terminal.out(formatProbe(probe, { name, running, terminal }));
      return probe.bootable ? exitCodes.ok : exitCodes.failed;
    }
    if (!probe.bootable) throw unbootable(probe, name);
    const how = running ? await throughGateway(raw, probe, options, context) : intoFile(text, loaded);
    if (json) terminal.json({ ok: true, path: paths.configPath, ...how, ...probeData(probe) });
    else {
      terminal.out(
        how.applied === "nothing"
          ? `${paths.configPath} said the same already.`
          : `${name} is now ${paths.configPath}${how.backup ? `; the one before is ${how.backup}` : ""}.`,
      );
      if (running && how.applied !== "nothing")
        terminal.err(how.restart ? "The gateway restarts with it." : "The gateway takes it up by itself.");
    }
    return exitCodes.ok;
  },
};

interface Applied {
  applied: "gateway" | "file" | "nothing";
  restart?: boolean;
  backup?: string;
}

/** Where reloading brings all of it in, the gateway is spared a restart. */
async function throughGateway(
  raw: string,
  { effect }: Probe,
  options: GatewayOptions,
  context: CommandContext,
): Promise<Applied> {
  const restart = effect === "restart" || effect === "later";
  await withGateway(options, context, async (client) => {
    const { hash: baseHash } = (await client.request("config.get", {}, { timeoutMs: options.timeout })) as {
      hash?: string;
    };
    await client.request(restart ? "config.apply" : "config.set", { raw, baseHash }, { timeoutMs: options.timeout });
  });
  return { applied: "gateway", restart };
}

function intoFile(text: string, { path, hash }: LoadedConfig): Applied {
  const { written, backup } = writeConfigFile({ path, text, baseHash: hash });
  return { applied: written ? "file" : "nothing", ...(backup ? { backup } : {}) };
}

/** What the last healthy gateway ran with, to compare the file with; the defaults when none ever did. */
async function lastGood({ env, cwd }: CommandContext, { paths }: Installation): Promise<OpenClawConfig> {
  const stored = await createLastKnownGood(paths.lastKnownGoodDir).load({
    env,
    cwd,
    paths,
    manifests: channelManifests,
    configPath: paths.configPath,
  });
  return stored?.loaded.valid ? stored.loaded.config : applyDefaults({});
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new OpenClawError({
      code: "FILE_UNREADABLE",
      message: `${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      hint: "Nothing was changed.",
      cause: error,
    });
  }
}

function invalid({ issues }: LoadedConfig, name: string, configPath: string): OpenClawError {
  const named = issues.map((issue): ConfigIssue => ({ ...issue, file: issue.file === configPath ? name : issue.file }));
  return new OpenClawError({
    code: "CONFIG_INVALID",
    message: `${name} cannot be used:\n${named.map((issue) => `  ${formatIssue(issue)}`).join("\n")}`,
    hint: "Nothing was changed.",
    details: { issues: named },
  });
}

function unbootable({ checks }: Probe, name: string): OpenClawError {
  const problems = checks.flatMap(({ findings }) => findings).filter(({ severity }) => severity === "error");
  return new OpenClawError({
    code: "CONFIG_UNBOOTABLE",
    message: `A gateway would not start with ${name}:\n${problems.map(({ message }) => `  ${message}`).join("\n")}`,
    hint: ["Nothing was changed.", ...problems.flatMap(({ hint }) => hint ?? [])].join("\n"),
    details: { problems },
  });
}
