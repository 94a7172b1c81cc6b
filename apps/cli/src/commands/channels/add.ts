import type { ConfigEdit } from "@openclaw/core/config";
import { channelManifests } from "@openclaw/gateway/manifests";
import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { changeConfiguration, nextStep } from "../../installation/change-configuration.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { shortPath } from "../../output/short-path.ts";
import { readSetting } from "../config/read-setting.ts";
import { channelNamed } from "./channel-id.ts";

interface Options {
  channel: string;
  token?: string;
  appToken?: string;
  tokenFile?: string;
  account?: string;
  name?: string;
  dmPolicy?: string;
  allowFrom?: string[];
  set?: string[];
}

export const command: Command<Options> = {
  args: "<channel>",
  describe: "Add an account of a channel to the configuration; comments in it stay",
  examples: [
    ["openclaw channels add telegram --token 123456:ABC…", ""],
    ["openclaw channels add telegram --account work --token-file ~/work-bot.token", "a second bot"],
  ],
  lists: ["allowFrom", "set"],
  options: (yargs) =>
    yargs
      .option("token", { alias: "bot-token", type: "string", describe: "The bot's token" })
      .option("app-token", { type: "string", describe: "Slack: the app-level token" })
      .option("token-file", { type: "string", describe: "File that holds the token, instead of the token itself" })
      .option("account", { type: "string", describe: "Name of the account, for a second one of the same channel" })
      .option("name", { type: "string", describe: "What to call it" })
      .option("dm-policy", {
        choices: ["pairing", "allowlist", "open", "disabled"],
        describe: "Who may write to it (default: pairing)",
      })
      .option("allow-from", {
        type: "array",
        string: true,
        describe: "An id that may write without pairing; repeat it",
      })
      .option("set", { type: "array", string: true, describe: "Any further key=value of the section" }),
  async run({ channel: word, ...options }, context) {
    const { id, label, available } = channelNamed(word);
    const { terminal, json } = context;
    const settings = await settingsOf(id, options);
    const installation = await loadInstallation(context);
    const tokenless = !settings.some(([key]) => /token|password/i.test(key));
    if (id === "telegram" && tokenless && !installation.loaded.env.TELEGRAM_BOT_TOKEN) {
      throw usageError(
        "Telegram needs a bot token.",
        "openclaw channels login telegram says how to get one; then: openclaw channels add telegram --token <token>",
      );
    }
    const section = [
      "channels",
      id,
      ...(options.account && options.account !== "default" ? ["accounts", options.account] : []),
    ];
    const edits: ConfigEdit[] = [["enabled", true] as const, ...settings].map(([key, value]) => ({
      path: [...section, ...key.split(".")],
      value,
    }));
    const change = await changeConfiguration(context, edits, installation);
    if (json)
      return terminal.json({
        ok: true,
        channel: id,
        account: options.account ?? "default",
        written: change.written,
        available,
        ...(change.runningPid ? { runningPid: change.runningPid } : {}),
      });
    terminal.out(
      change.written.length > 0
        ? `${label} is in ${change.written.map((path) => shortPath(path)).join(", ")}.`
        : `${label} was there already; nothing changed.`,
    );
    if (!available) terminal.err(`${label} is not part of this version: the gateway will not connect it yet.`);
    else {
      terminal.err(nextStep(change) ?? "Start the gateway to connect it: openclaw gateway");
      terminal.err(
        `Then write to the bot; it answers strangers with a code for: openclaw pairing approve ${id} <code>`,
      );
    }
  },
};

type Setting = readonly [key: string, value: unknown];

async function settingsOf(
  channel: string,
  { token, appToken, tokenFile, name, dmPolicy, allowFrom, set = [] }: Omit<Options, "channel">,
): Promise<Setting[]> {
  const manifest = channelManifests.find(({ id }) => id === channel);
  const keys = Object.keys((await manifest?.data())?.configSchema.properties ?? {});
  const tokenKey = ["botToken", "token"].find((key) => keys.includes(key));
  const known = (key: string | undefined, option: string, value: unknown): Setting[] => {
    if (value === undefined) return [];
    if (!key || !keys.includes(key))
      throw usageError(
        `${channel} has no ${option}.`,
        "Use --set key=value for its own keys; openclaw config schema lists them.",
      );
    return [[key, value]];
  };
  return [
    ...known(tokenKey, "--token", token?.trim()),
    ...known("appToken", "--app-token", appToken?.trim()),
    ...known("tokenFile", "--token-file", tokenFile),
    ...known("name", "--name", name),
    ...known("dmPolicy", "--dm-policy", dmPolicy),
    ...known("allowFrom", "--allow-from", allowFrom),
    ...set.map((pair): Setting => {
      const equals = pair.indexOf("=");
      if (equals < 1) throw usageError(`--set ${pair} is not key=value.`);
      return [pair.slice(0, equals), readSetting(pair.slice(equals + 1))];
    }),
  ];
}
