import { getAt } from "@openclaw/core/config";
import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { changeConfiguration, nextStep } from "../../installation/change-configuration.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { channelNamed } from "./channel-id.ts";

interface Options {
  channel: string;
  account?: string;
  delete?: boolean;
}

export const command: Command<Options> = {
  args: "<channel>",
  describe: "Switch a channel or account off; with --delete, take it out of the configuration",
  options: (yargs) =>
    yargs
      .option("account", { type: "string", describe: "Only this account" })
      .option("delete", { type: "boolean", describe: "Take its section out, token included" }),
  async run({ channel: word, account, delete: gone }, context) {
    const { id, label } = channelNamed(word);
    const installation = await loadInstallation(context);
    const path = ["channels", id, ...(account ? ["accounts", account] : [])];
    const what = account ? `${label}, account ${account},` : label;
    if (getAt(installation.loaded.authored, path) === undefined)
      throw usageError(`${what} is not in the configuration.`, "openclaw channels list shows what is.");
    const change = await changeConfiguration(
      context,
      [gone ? { path, value: undefined } : { path: [...path, "enabled"], value: false }],
      installation,
    );
    if (context.json)
      return context.terminal.json({
        ok: true,
        channel: id,
        ...(account ? { account } : {}),
        deleted: gone === true,
        written: change.written,
      });
    context.terminal.out(gone ? `${what} is taken out of the configuration.` : `${what} is switched off.`);
    if (gone && change.backups[0])
      context.terminal.err(`The configuration as it was, token included: ${change.backups[0]}`);
    const next = nextStep(change);
    if (next) context.terminal.err(next);
  },
};
