import { exitCodes } from "../../command-line/exit-codes.ts";
import type { Command } from "../../command-line/command.ts";
import { exitCodeOf } from "../../command-line/report-error.ts";
import type { GatewayOptions } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { newestLog } from "../../installation/newest-log.ts";
import { formatFacts } from "../../output/facts.ts";
import { shortPath } from "../../output/short-path.ts";
import { duration } from "../../output/time.ts";
import { describeGateway, factsData, gatewayFacts } from "./gateway-facts.ts";

export const command: Command<GatewayOptions> = {
  describe: "Whether the gateway runs, where, and whose port it is",
  examples: [["openclaw gateway status --json", "exit code 0 when it answers, 3 when not"]],
  options: gatewayOptions,
  async run(options, context) {
    const installation = await loadInstallation(context);
    const { paths, loaded } = installation;
    const facts = await gatewayFacts(options, context, installation, (client) => client.request("health", {}));
    const health = facts.answer as { version?: string; uptimeMs?: number } | undefined;
    const log = newestLog(installation);
    const code = facts.reachable ? exitCodes.ok : exitCodeOf(facts.error);
    const config = {
      path: paths.configPath,
      exists: loaded.exists,
      valid: loaded.valid,
      problems: loaded.issues.length,
    };
    if (context.json) {
      context.terminal.json({
        ...factsData(facts),
        ...(health ? { version: health.version, uptimeMs: health.uptimeMs } : {}),
        config,
        stateDir: paths.stateDir,
        ...(log ? { log } : {}),
      });
      return code;
    }
    const state = loaded.exists
      ? loaded.valid
        ? ""
        : `, ${loaded.issues.length} problems: openclaw config validate`
      : ", not there yet";
    context.terminal.out(
      formatFacts(
        [
          ["Gateway", describeGateway(facts)],
          ["Version", health && `${health.version ?? "unknown"}, up ${duration(health.uptimeMs ?? 0)}`],
          ["Config", `${shortPath(paths.configPath)}${state}`],
          ["State", shortPath(paths.stateDir)],
          ["Log", log && shortPath(log)],
        ],
        context.terminal,
      ),
    );
    if (facts.error?.hint) context.terminal.err(facts.error.hint);
    return code;
  },
};
