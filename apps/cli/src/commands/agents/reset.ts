import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";

export const command: Command<GatewayOptions & { agent?: string }> = {
  args: "[agent]",
  describe: "Begin an assistant's main conversation anew; the old transcript stays on disk",
  options: gatewayOptions,
  async run({ agent, ...options }, context) {
    const result = await withGateway(options, context, async (client) => {
      const { defaultId, mainKey, agents } = await client.request("agents.list", {});
      if (agent && !agents.some(({ id }) => id === agent))
        throw usageError(`There is no agent "${agent}".`, `There are: ${agents.map(({ id }) => id).join(", ")}.`);
      return client.request("sessions.reset", { key: `agent:${agent ?? defaultId}:${mainKey}` });
    });
    if (context.json) context.terminal.json(result);
    else context.terminal.out(`${result.key} begins anew.`);
  },
};
