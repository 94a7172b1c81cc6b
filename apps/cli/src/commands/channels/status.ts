import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { formatTable } from "../../output/table.ts";
import { when } from "../../output/time.ts";

interface Options extends GatewayOptions {
  probe?: boolean;
}

const PROBE_MS = 10_000;

export const command: Command<Options> = {
  describe: "Whether each account is connected, and when it last heard and spoke",
  examples: [["openclaw channels status --probe", "also asks each platform now"]],
  options: (yargs) => gatewayOptions(yargs).option("probe", { type: "boolean", describe: "Ask each platform now" }),
  async run({ probe = false, ...options }, context) {
    const timeoutMs = options.timeout ?? PROBE_MS;
    const status = await withGateway(options, context, (client) =>
      client.request("channels.status", { probe, timeoutMs }, { timeoutMs: timeoutMs + 5000 }),
    );
    const { terminal, json } = context;
    if (json) return terminal.json(status);
    const rows = Object.entries(status.channelAccounts).flatMap(([channel, accounts]) =>
      accounts.map((account) => {
        const probed = account.probe as { ok?: boolean; error?: string } | undefined;
        return {
          channel,
          account: account.accountId,
          state: stateOf(account),
          as: (account as { identity?: string }).identity,
          heard: when(account.lastInboundAt, terminal),
          spoke: when(account.lastOutboundAt, terminal),
          ...(probe ? { probe: probed?.ok ? "ok" : (probed?.error ?? "failed") } : {}),
          problem: account.lastError,
        };
      }),
    );
    if (rows.length === 0) {
      terminal.err("No channel is configured. Add one, e.g.: openclaw channels add telegram --token <bot token>");
      return;
    }
    terminal.out(
      formatTable(rows, ["channel", "account", "state", "as", "heard", "spoke", ...(probe ? ["probe"] : [])], terminal),
    );
    for (const { channel, account, problem } of rows) if (problem) terminal.err(`${channel}/${account}: ${problem}`);
    return rows.every(({ state }) => state === "connected" || state === "off") ? 0 : 1;
  },
};

function stateOf({
  enabled,
  configured,
  connected,
  running,
}: {
  enabled?: boolean;
  configured?: boolean;
  connected?: boolean;
  running?: boolean;
}): string {
  if (enabled === false) return "off";
  if (configured === false) return "not configured";
  if (connected) return "connected";
  return running ? "not connected" : "stopped";
}
