import { OpenClawError } from "@openclaw/core";
import { createSecretMatcher, getAt, nearest, redactConfig } from "@openclaw/core/config";
import { channelManifests } from "@openclaw/gateway/manifests";
import type { Command } from "../../command-line/command.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { cleanLines } from "../../output/multiline.ts";
import { canonicalPath } from "./canonical-path.ts";
import { typedPath } from "./path.ts";

interface Options {
  path?: string;
  defaults?: boolean;
  reveal?: boolean;
}

export const command: Command<Options> = {
  args: "[path]",
  describe: "Print a value of the configuration; secrets inside a section are masked",
  examples: [
    ["openclaw config get gateway.port", ""],
    ["openclaw config get gateway.auth.token", "a secret that is asked for by its own name is printed"],
    ["openclaw config get channels --reveal", "with the secrets"],
  ],
  options: (yargs) =>
    yargs
      .option("defaults", { type: "boolean", describe: "Values that are not set, too" })
      .option("reveal", { type: "boolean", describe: "Do not mask secrets" }),
  async run({ path: typed, defaults = false, reveal = false }, context) {
    const { loaded } = await loadInstallation(context);
    const path = typed === undefined ? [] : canonicalPath(typedPath(typed));
    const set = getAt(loaded.authored, path);
    const value = defaults ? getAt(loaded.config, path) : set;
    if (value === undefined)
      throw notSet(typed ?? "", getAt(loaded.config, path), siblings(loaded.config, path), path.at(-1));
    const isSecret = typeof value === "object" && !reveal ? await createSecretMatcher(channelManifests) : () => false;
    const shown = redactConfig(value, isSecret, path);
    if (context.json || typeof shown === "object") context.terminal.json(shown);
    else context.terminal.out(cleanLines(typeof shown === "string" ? shown : JSON.stringify(shown)));
  },
};

function notSet(
  typed: string,
  fallback: unknown,
  others: readonly string[],
  last: string | number | undefined,
): OpenClawError {
  const meant = nearest(String(last), others);
  const hint =
    fallback !== undefined
      ? `Its default is ${JSON.stringify(fallback)}; --defaults prints it.`
      : meant && meant !== last
        ? `Did you mean ${typed.slice(0, typed.length - String(last).length)}${meant}?`
        : "openclaw config schema lists every key.";
  return new OpenClawError({ code: "CONFIG_NOT_SET", message: `${typed || "The configuration"} is not set.`, hint });
}

function siblings(config: unknown, path: readonly (string | number)[]): string[] {
  const parent = getAt(config, path.slice(0, -1));
  return typeof parent === "object" && parent !== null ? Object.keys(parent) : [];
}
