import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { findPaired } from "./find-device.ts";

interface Options extends GatewayOptions {
  device: string;
  role: string;
  scope?: string[];
}

export const command: Command<Options> = {
  args: "<device>",
  describe: "Give a device a new token, shown this once; the old one is void",
  lists: ["scope"],
  options: (yargs) =>
    gatewayOptions(yargs)
      .option("role", { type: "string", default: "operator", describe: "operator or node" })
      .option("scope", {
        type: "array",
        string: true,
        describe: "Scope of the new token (default: those of the old one); repeat it",
      }),
  async run({ device, role, scope, ...options }, context) {
    const result = await withGateway(options, context, async (client) => {
      const { deviceId } = await findPaired(client, device);
      return client.request("device.token.rotate", { deviceId, role, ...(scope ? { scopes: scope } : {}) });
    });
    const { terminal, json } = context;
    if (json) return terminal.json(result);
    terminal.out(result.token);
    terminal.err(
      `New ${result.role} token of ${result.deviceId.slice(0, 12)}, with ${result.scopes.join(", ") || "no scopes"}. It is shown this once.`,
    );
  },
};
