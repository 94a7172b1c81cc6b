import { listChannels } from "@openclaw/gateway/installation";
import type { Command } from "../../command-line/command.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { formatTable } from "../../output/table.ts";
import { configuredAccounts } from "./configured-accounts.ts";

export const command: Command = {
  describe: "List the accounts in the configuration, and the channels that could be added",
  async run(_options, context) {
    const { loaded } = await loadInstallation(context);
    const { terminal, json } = context;
    const accounts = configuredAccounts(loaded.authored.channels);
    const channels = listChannels();
    if (json) return terminal.json({ accounts, channels });
    const labels = new Map(channels.map(({ id, label }) => [id, label]));
    if (accounts.length > 0) {
      const rows = accounts.map((row) => ({
        ...row,
        label: labels.get(row.channel),
        state: row.enabled ? "on" : "off",
      }));
      terminal.out(formatTable(rows, ["channel", "account", "label", "name", "state"], terminal));
    } else terminal.err("No channel is configured.");
    const free = channels.filter(({ id, available }) => available && !accounts.some(({ channel }) => channel === id));
    for (const { id, label } of free) terminal.err(`${label} can be added: openclaw channels login ${id} says how.`);
    if (accounts.length > 0) terminal.err("openclaw channels status says whether they are connected.");
  },
};
