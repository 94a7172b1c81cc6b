import { listChannels } from "@openclaw/gateway/installation";
import type { Command } from "../../command-line/command.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { channelNamed } from "./channel-id.ts";
import { configuredAccounts } from "./configured-accounts.ts";

interface Options {
  channel?: string;
  account?: string;
}

const telegramSteps = [
  "In Telegram, open a chat with @BotFather (the one with the blue check mark).",
  "Send it /newbot, then a name, then a user name that ends in bot.",
  "It answers with a token like 123456789:AAH… Copy it; whoever has it is the bot.",
  "Here: openclaw channels add telegram --token <token>",
  "Start the gateway (openclaw gateway) and write to your bot.",
  "It answers with a pairing code: openclaw pairing approve telegram <code>",
];

export const command: Command<Options> = {
  args: "[channel]",
  describe: "How to connect a channel, step by step",
  options: (yargs) => yargs.option("account", { type: "string", describe: "Name of a second account" }),
  async run({ channel: word, account }, context) {
    const { terminal, json } = context;
    const { id, label, available } = channelNamed(word ?? "telegram");
    const { loaded } = await loadInstallation(context);
    const there = configuredAccounts(loaded.authored.channels).some(
      (row) => row.channel === id && row.account === (account ?? "default"),
    );
    const steps =
      id === "telegram"
        ? telegramSteps.map((step) =>
            account ? step.replace("add telegram", `add telegram --account ${account}`) : step,
          )
        : [];
    if (json) {
      terminal.json({ channel: id, available, configured: there, steps });
      return available ? 0 : 1;
    }
    if (!available) {
      const others = listChannels()
        .filter((channel) => channel.available)
        .map((channel) => channel.id);
      terminal.err(`${label} is not part of this version. Available: ${others.join(", ")}.`);
      return 1;
    }
    if (there)
      terminal.out(
        `${label} is configured already; openclaw channels status says whether it is connected.\n\nTo use another bot:`,
      );
    else terminal.out(`${terminal.style("bold", `Connecting ${label}`)}\n`);
    terminal.out(steps.map((step, index) => `${index + 1}. ${step}`).join("\n"));
    if (word === undefined) terminal.err("\n(Telegram, because no channel was named.)");
    return 0;
  },
};
