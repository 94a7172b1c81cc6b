import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { formatTable } from "../../output/table.ts";

export const command: Command<GatewayOptions> = {
  describe: "List the assistants of this gateway",
  options: gatewayOptions,
  async run(options, context) {
    const { agents, ...result } = await withGateway(options, context, (client) =>
      client.request("agents.list", {}, { timeoutMs: options.timeout }),
    );
    if (context.json) return context.terminal.json({ ...result, agents });
    const rows = agents.map(({ id, name, identity }) => ({
      id,
      name: identity?.name ?? name,
      default: id === result.defaultId ? "default" : "",
    }));
    context.terminal.out(formatTable(rows, ["id", "name", "default"], context.terminal));
  },
};
