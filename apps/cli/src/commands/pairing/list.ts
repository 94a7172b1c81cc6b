import type { Command } from "../../command-line/command.ts";
import { formatTable } from "../../output/table.ts";
import { when } from "../../output/time.ts";
import { channelNamed } from "../channels/channel-id.ts";
import { openPairing, pairingChannels } from "./stores.ts";

interface Options {
  channel?: string;
}

export const command: Command<Options> = {
  args: "[channel]",
  describe: "Who waits to be let in; requests live for an hour",
  async run({ channel }, context) {
    const { terminal, json } = context;
    const channels = channel ? [channelNamed(channel).id] : pairingChannels(context);
    const requests = channels.flatMap((id) =>
      openPairing(id, context)
        .pending()
        .map((request) => ({ channel: id, ...request })),
    );
    if (json) return terminal.json({ requests });
    if (requests.length === 0) {
      terminal.err("Nobody waits. Somebody who writes to your assistant for the first time gets a code to show you.");
      return;
    }
    const rows = requests.map(({ channel: id, code, id: person, meta = {}, createdAt }) => ({
      channel: id,
      code,
      id: person,
      name: [meta.name ?? meta.firstName, meta.username && `@${meta.username.replace(/^@/, "")}`]
        .filter(Boolean)
        .join(" "),
      asked: when(createdAt, terminal),
    }));
    terminal.out(formatTable(rows, ["channel", "code", "id", "name", "asked"], terminal));
  },
};
