import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { formatTable } from "../../output/table.ts";
import { when } from "../../output/time.ts";

interface Options extends GatewayOptions {
  limit?: number;
  active?: number;
  agent?: string;
  search?: string;
}

export const command: Command<Options> = {
  describe: "List conversations, the latest first",
  examples: [["openclaw sessions --active 60", "those of the last hour"]],
  options: (yargs) =>
    gatewayOptions(yargs)
      .option("limit", { type: "number", describe: "At most so many" })
      .option("active", { type: "number", describe: "Only those used in the last so many minutes" })
      .option("agent", { type: "string", describe: "Only those of one assistant" })
      .option("search", { type: "string", describe: "Only those whose key, label or name holds this" }),
  async run({ limit, active, agent, search, ...options }, context) {
    const params = {
      includeGlobal: true,
      ...(limit === undefined ? {} : { limit }),
      ...(active === undefined ? {} : { activeMinutes: active }),
      ...(agent ? { agentId: agent } : {}),
      ...(search ? { search } : {}),
    };
    const result = await withGateway(options, context, (client) =>
      client.request("sessions.list", params, { timeoutMs: options.timeout }),
    );
    const { terminal, json } = context;
    if (json) return terminal.json(result);
    if (result.sessions.length === 0) {
      terminal.err(
        search || active || agent ? "No session matches." : 'No sessions yet. Begin one: openclaw agent -m "hello"',
      );
      return;
    }
    const rows = result.sessions.map(({ key, label, kind, modelProvider, model, totalTokens, updatedAt }) => ({
      key,
      label,
      kind,
      model: model && `${modelProvider ?? "?"}/${model}`,
      tokens: totalTokens,
      updated: when(updatedAt, terminal),
    }));
    terminal.out(formatTable(rows, ["key", "label", "kind", "model", "tokens", "updated"], terminal));
  },
};
