import type { Command } from "../command-line/command.ts";
import { exitCodes } from "../command-line/exit-codes.ts";
import { commandPrefix } from "../command-line/command-prefix.ts";
import type { GatewayOptions } from "../connection/gateway-connection.ts";
import { gatewayOptions } from "../connection/gateway-options.ts";
import { formatFacts } from "../output/facts.ts";
import { everything } from "./status/everything.ts";
import { gatherOverview, overviewData } from "./status/gather.ts";
import { overviewFacts } from "./status/overview-facts.ts";

interface Options extends GatewayOptions {
  all?: boolean;
  deep?: boolean;
}

export const command: Command<Options> = {
  describe: "How everything is, whether the gateway runs or not",
  examples: [
    ["openclaw status --deep", "asks each platform now"],
    ["openclaw status --all", "everything that helps to find a fault; holds no secret"],
  ],
  options: (yargs) =>
    gatewayOptions(yargs)
      .option("all", { type: "boolean", describe: "Everything that helps to find a fault, ready to paste" })
      .option("deep", { type: "boolean", describe: "Ask each platform now" }),
  async run({ all = false, deep = false, ...options }, context) {
    const overview = await gatherOverview({ ...options, all, deep }, context);
    const { terminal, json } = context;
    // Not running is an answer, not a failure; a broken configuration is one.
    const code = overview.config.valid ? exitCodes.ok : exitCodes.failed;
    if (json) {
      terminal.json(overviewData(overview));
      return code;
    }
    terminal.out(formatFacts(overviewFacts(overview, terminal), terminal));
    if (all) terminal.out(await everything(overview, context));
    const { reachable, error } = overview.gateway;
    if (!overview.config.valid)
      terminal.err(`Every problem of the configuration: ${commandPrefix(context)} config validate`);
    if (!reachable && error?.hint) terminal.err(error.hint);
    return code;
  },
};
