import type { Command } from "../../command-line/command.ts";
import type { GatewayOptions } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { formatTable } from "../../output/table.ts";
import { askGateway, inspectHere } from "./report.ts";

export const command: Command<GatewayOptions & { provider?: string }> = {
  describe: "List every model that can be chosen now: configured, with a key, local, built in",
  options: (yargs) =>
    gatewayOptions(yargs).option("provider", { type: "string", describe: "Only those of one provider" }),
  async run({ provider, ...options }, context) {
    const answer = await askGateway(options, context, (client) =>
      client.request("models.list", {}, { timeoutMs: options.timeout }),
    );
    const all = answer?.models ?? (await inspectHere(context)).models;
    const models = all.filter((model) => !provider || model.provider === provider);
    const { terminal, json } = context;
    if (json) return terminal.json({ models });
    const rows = models.map(({ provider: from, id, name, contextWindow, reasoning, input, ...rest }) => ({
      model: `${from}/${id}`,
      name: name === id ? undefined : name,
      context: contextWindow,
      reads: input?.join(","),
      notes: [(rest as { kind?: string }).kind === "rules" ? "rules" : undefined, reasoning ? "thinks" : undefined]
        .filter(Boolean)
        .join(", "),
    }));
    terminal.out(formatTable(rows, ["model", "name", "context", "reads", "notes"], terminal));
  },
};
