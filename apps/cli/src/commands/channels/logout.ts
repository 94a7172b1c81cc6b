import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { channelNamed } from "./channel-id.ts";

interface Options extends GatewayOptions {
  channel: string;
  account?: string;
}

export const command: Command<Options> = {
  args: "<channel>",
  describe: "Forget a channel's login on the gateway",
  options: (yargs) => gatewayOptions(yargs).option("account", { type: "string", describe: "Only this account" }),
  async run({ channel: word, account, ...options }, context) {
    const { id, label } = channelNamed(word);
    const params = account ? { channel: id, accountId: account } : { channel: id };
    const result = (await withGateway(options, context, (client) => client.request("channels.logout", params))) as {
      cleared?: boolean;
      envToken?: boolean;
    };
    const { terminal, json } = context;
    if (json) return terminal.json(result);
    if (result.cleared) return terminal.out(`${label} is logged out.`);
    terminal.out(
      `${label} keeps no login of its own: its token is ${result.envToken ? "in the environment" : "in the configuration"}.`,
    );
    terminal.err(
      result.envToken
        ? "Unset the variable and start the gateway again."
        : `Take it out with: openclaw channels remove ${id} --delete`,
    );
  },
};
