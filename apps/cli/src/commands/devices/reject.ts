import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { findPending } from "./find-device.ts";

export const command: Command<GatewayOptions & { request?: string }> = {
  args: "[request]",
  describe: "Turn a waiting device away; without an id, the only one that waits",
  options: gatewayOptions,
  async run({ request, ...options }, context) {
    const result = await withGateway(options, context, async (client) => {
      const { requestId } = await findPending(client, request);
      return client.request("device.pair.reject", { requestId });
    });
    if (context.json) context.terminal.json(result);
    else context.terminal.out(`Device ${result.deviceId.slice(0, 12)} is turned away.`);
  },
};
