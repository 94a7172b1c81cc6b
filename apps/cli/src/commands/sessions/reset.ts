import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { findSession } from "./find-session.ts";

export const command: Command<GatewayOptions & { session: string }> = {
  args: "<session>",
  describe: "Begin a session anew; the old transcript stays on disk",
  examples: [["openclaw sessions reset main", ""]],
  options: gatewayOptions,
  async run({ session, ...options }, context) {
    const result = await withGateway(options, context, async (client) => {
      const { key } = await findSession(client, session);
      return client.request("sessions.reset", { key });
    });
    if (context.json) context.terminal.json(result);
    else context.terminal.out(`${result.key} begins anew.`);
  },
};
