import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { findPending } from "./find-device.ts";

export const command: Command<GatewayOptions & { request?: string }> = {
  args: "[request]",
  describe: "Let a device in; without an id, the only one that waits",
  examples: [["openclaw devices approve 3f9ed2e8", "the beginning of the id is enough"]],
  options: gatewayOptions,
  async run({ request, ...options }, context) {
    const result = await withGateway(options, context, async (client) => {
      const { requestId } = await findPending(client, request);
      return client.request("device.pair.approve", { requestId });
    });
    if (context.json) return context.terminal.json(result);
    const { deviceId, displayName, clientId, scopes = [] } = result.device;
    context.terminal.out(
      `${displayName ?? clientId ?? "The device"} (${deviceId.slice(0, 12)}) is paired${scopes.length > 0 ? ` with ${scopes.join(", ")}` : ""}.`,
    );
  },
};
