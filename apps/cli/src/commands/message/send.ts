import { randomUUID } from "node:crypto";
import type { GatewayClient } from "@openclaw/protocol/client";
import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { addressOptions } from "../../connection/gateway-options.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";

interface Options extends GatewayOptions {
  channel?: string;
  target: string;
  message: string;
  account?: string;
}

export const command: Command<Options> = {
  describe: "Send one message through a channel, without the assistant",
  examples: [['openclaw message send --channel telegram --target 12345 --message "dinner at eight"', ""]],
  options: (yargs) =>
    addressOptions(yargs)
      .option("channel", { type: "string", describe: "Channel (default: the only configured one)" })
      .option("target", {
        alias: ["t", "to", "user"],
        type: "string",
        // One value even when it begins with a minus, as Telegram's groups do.
        nargs: 1,
        demandOption: true,
        describe: "Who or which chat, as the channel writes it",
      })
      .option("message", { alias: "m", type: "string", demandOption: true, describe: "The text" })
      .option("account", { type: "string", describe: "Account of the channel (default: its first)" }),
  async run({ channel, target, message, account, ...options }, context) {
    const sent = (await withGateway(options, context, async (client) => {
      const params = {
        to: target,
        message,
        channel: channel ?? (await onlyChannel(client)),
        idempotencyKey: randomUUID(),
      };
      return client.request("send", account ? { ...params, accountId: account } : params);
    })) as { channel: string; to: string; messageId?: string };
    if (context.json) context.terminal.json(sent);
    else
      context.terminal.out(
        `Sent to ${sent.to} on ${sent.channel}${sent.messageId ? ` (message ${sent.messageId})` : ""}.`,
      );
  },
};

async function onlyChannel(client: GatewayClient): Promise<string> {
  const { channelOrder } = await client.request("channels.status", {});
  const [only, ...others] = channelOrder;
  if (only && others.length === 0) return only;
  throw only
    ? usageError(`Several channels are configured: ${channelOrder.join(", ")}.`, "Say which one with --channel.")
    : usageError(
        "No channel is configured.",
        "Add one first, e.g.: openclaw channels add telegram --token <bot token>",
      );
}
