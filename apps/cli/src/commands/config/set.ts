import { type ConfigEdit, formatPath, getAt, type OpenClawConfig } from "@openclaw/core/config";
import { OpenClawError } from "@openclaw/core";
import type { Command } from "../../command-line/command.ts";
import { changeConfiguration, type ConfigurationChange, nextStep } from "../../installation/change-configuration.ts";
import { type Installation, loadInstallation } from "../../installation/installation.ts";
import type { CommandContext } from "../../command-line/command.ts";
import { primaryModelEdit } from "../models/model-edit.ts";
import { canonicalPath } from "./canonical-path.ts";
import { typedPath } from "./path.ts";
import { readSetting } from "./read-setting.ts";

interface Options {
  path: string;
  value: string;
  text?: boolean;
}

export const command: Command<Options> = {
  args: "<path> <value>",
  describe: "Change a value of the configuration; comments and order stay, five backups are kept",
  examples: [
    ["openclaw config set gateway.port 19001", "JSON5 is read as such: numbers, true, lists"],
    ["openclaw config set agents.defaults.model anthropic/claude-opus-4-5", "anything else is text"],
  ],
  options: (yargs) =>
    yargs.option("text", { type: "boolean", describe: "The value is text, even if it looks like a number" }),
  async run({ path: typed, value: text, text: asText = false }, context) {
    const path = canonicalPath(typedPath(typed));
    const installation = await loadInstallation(context);
    const value = asText ? text : readSetting(text);
    const change = await setValue(path, value, text, context, installation);
    const { terminal, json } = context;
    const now = formatPath(editOf(installation.loaded.authored, path, value).path);
    if (json)
      return terminal.json({
        ok: true,
        path: now,
        written: change.written,
        backups: change.backups,
        ...(change.runningPid ? { runningPid: change.runningPid } : {}),
      });
    terminal.out(
      change.written.length === 0 ? `${now} had that value already.` : `${now} is set in ${change.written.join(", ")}.`,
    );
    if (formatPath(path) !== formatPath(typedPath(typed))) terminal.err(`(${typed} is an older name of it.)`);
    const next = change.written.length > 0 ? nextStep(change) : undefined;
    if (next) terminal.err(next);
  },
};

/** A text that reads as a number may be meant as text: an id, a token. The schema decides. */
async function setValue(
  path: ConfigEdit["path"],
  value: unknown,
  text: string,
  context: CommandContext,
  installation: Installation,
): Promise<ConfigurationChange> {
  const edit = (wanted: unknown) => editOf(installation.loaded.authored, path, wanted);
  try {
    return await changeConfiguration(context, [edit(value)], installation);
  } catch (error) {
    if (
      !OpenClawError.is(error) ||
      error.code !== "CONFIG_INVALID" ||
      typeof value === "string" ||
      typeof value === "object"
    )
      throw error;
    return await changeConfiguration(context, [edit(text)], installation).catch(() => Promise.reject(error));
  }
}

function editOf(authored: OpenClawConfig, path: ConfigEdit["path"], value: unknown): ConfigEdit {
  const isModel = formatPath(path).replace(/\.primary$/, "") === "agents.defaults.model";
  const whole = typeof getAt(authored, ["agents", "defaults", "model"]) !== "object";
  return isModel && typeof value === "string" && (path.at(-1) !== "primary" || whole)
    ? primaryModelEdit(authored, value)
    : { path, value };
}
