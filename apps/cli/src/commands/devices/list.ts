import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { formatTable } from "../../output/table.ts";
import { when } from "../../output/time.ts";

/** So much of an id tells devices apart, and is enough to name one. */
const SHORT = 12;

export const command: Command<GatewayOptions> = {
  describe: "List the browsers and machines that wait, and those that are paired",
  options: gatewayOptions,
  async run(options, context) {
    const devices = await withGateway(options, context, (client) =>
      client.request("device.pair.list", {}, { timeoutMs: options.timeout }),
    );
    const { terminal, json } = context;
    if (json) return terminal.json(devices);
    const id = (text: string) => (terminal.interactive ? text.slice(0, SHORT) : text);
    const rows = [
      ...devices.pending.map((row) => ({
        state: "waiting",
        id: id(row.requestId),
        name: row.displayName ?? row.clientId,
        platform: row.platform,
        role: row.role,
        scopes: short(row.scopes),
        from: row.remoteIp,
        since: when(row.ts, terminal),
      })),
      ...devices.paired.map((row) => ({
        state:
          row.tokens?.length && row.tokens.every(({ revokedAtMs }) => revokedAtMs !== undefined) ? "revoked" : "paired",
        id: id(row.deviceId),
        name: row.displayName ?? row.clientId,
        platform: row.platform,
        role: row.roles?.join(",") ?? row.role,
        scopes: short(row.scopes),
        from: row.remoteIp,
        since: when(row.approvedAtMs, terminal),
      })),
    ];
    if (rows.length === 0) return terminal.err("No device waits, and none is paired.");
    terminal.out(formatTable(rows, ["state", "id", "name", "platform", "role", "scopes", "from", "since"], terminal));
    if (devices.pending.length > 0) terminal.err("Let one in with: openclaw devices approve <id>");
  },
};

const short = (scopes: readonly string[] | undefined) =>
  scopes?.map((scope) => scope.replace(/^operator\./, "")).join(",");
