import { systemClock } from "@openclaw/core";
import { explainMessage } from "@openclaw/gateway/installation";
import type { Command } from "../command-line/command.ts";
import { assertValidConfig } from "../installation/assert-valid.ts";
import { loadInstallation } from "../installation/installation.ts";
import { formatTable } from "../output/table.ts";
import { channelNamed } from "./channels/channel-id.ts";

interface Options {
  channel: string;
  account?: string;
  from: string;
  username?: string;
  chat?: string;
  kind?: "direct" | "group" | "channel";
  thread?: string;
  guild?: string;
  team?: string;
  text: string;
  mentioned: boolean;
}

export const command: Command<Options> = {
  describe: "Say what would become of a message, and why; nothing is sent or changed",
  examples: [
    ["openclaw explain --channel telegram --from 123 --text hello", "a direct message"],
    ['openclaw explain --channel telegram --from 123 --chat -1001234 --text "@my_bot hello"', "in a group"],
  ],
  options: (yargs) =>
    yargs
      .option("channel", { type: "string", demandOption: true, describe: "Where it would come in" })
      .option("account", { type: "string", describe: "Account of the channel; default: its first" })
      .option("from", { type: "string", nargs: 1, demandOption: true, describe: "The sender's id" })
      .option("username", { type: "string", describe: "The sender's name on the platform, without @" })
      // One value even when it begins with a minus, as Telegram's groups do.
      .option("chat", {
        type: "string",
        nargs: 1,
        describe: "The chat's id, <id>:topic:<n> for a topic; default: direct",
      })
      .option("kind", { choices: ["direct", "group", "channel"] as const, describe: "What kind of chat it is" })
      .option("thread", { type: "string", describe: "Thread or topic in the chat" })
      .option("guild", { type: "string", describe: "Discord server" })
      .option("team", { type: "string", describe: "Slack workspace" })
      .option("text", { type: "string", default: "", describe: "What it says" })
      .option("mentioned", { type: "boolean", default: false, describe: "The platform marked us as mentioned" }),
  async run({ from, username, text, mentioned, account, ...where }, context) {
    const { terminal, json } = context;
    const { paths, loaded } = await loadInstallation(context);
    assertValidConfig(loaded);
    const explanation = await explainMessage({
      config: loaded.config,
      paths,
      env: loaded.env,
      clock: systemClock,
      channel: channelNamed(where.channel).id,
      account,
      sender: { id: from, username: username?.replace(/^@/, "") },
      chat: chatOf(from, where),
      text,
      mentioned,
    });
    if (json) return terminal.json(explanation);
    for (const { agentId, action, steps } of explanation.agents) {
      const rows = steps.map(({ step, passed, outcome, reason, text: why }) => ({
        step: `${passed ? "✓" : "✗"} ${step}`,
        outcome,
        why: `${why} (${reason})`,
      }));
      terminal.out(formatTable(rows, ["step", "outcome", "why"], terminal));
      terminal.err(`${agentId ? `${agentId}: ` : ""}${endings[action] ?? action}`);
    }
  },
};

const endings: Readonly<Record<string, string>> = {
  answer: "the message would be answered.",
  drop: "the message would be dropped.",
  remember: "the message would be kept as context for the next one.",
  pair: "the sender would get a pairing code, once.",
};

function chatOf(
  from: string,
  { chat, kind, thread, guild, team }: Pick<Options, "chat" | "kind" | "thread" | "guild" | "team">,
) {
  const [, id = chat ?? from, inId] = /^(.+?):(?:topic|thread):(.+)$/.exec(chat ?? "") ?? [];
  const threadId = thread ?? inId;
  return {
    kind: kind ?? (id === from ? ("direct" as const) : ("group" as const)),
    id,
    ...(threadId ? { threadId } : {}),
    ...(guild ? { guildId: guild } : {}),
    ...(team ? { teamId: team } : {}),
  };
}
