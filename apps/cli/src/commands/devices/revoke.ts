import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { findPaired } from "./find-device.ts";

export const command: Command<GatewayOptions & { device: string; role: string }> = {
  args: "<device>",
  describe: "Take a device's token away; its connections end at once",
  options: (yargs) =>
    gatewayOptions(yargs).option("role", { type: "string", default: "operator", describe: "operator or node" }),
  async run({ device, role, ...options }, context) {
    const result = await withGateway(options, context, async (client) => {
      const { deviceId } = await findPaired(client, device);
      return client.request("device.token.revoke", { deviceId, role });
    });
    if (context.json) context.terminal.json(result);
    else context.terminal.out(`The ${result.role} token of ${result.deviceId.slice(0, 12)} is void.`);
  },
};
