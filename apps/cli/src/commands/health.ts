import type { Command } from "../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../connection/gateway-connection.ts";
import { gatewayOptions } from "../connection/gateway-options.ts";

interface Options extends GatewayOptions {
  probe?: boolean;
  verbose?: boolean;
}

interface HealthSummary {
  version?: string;
  uptimeMs?: number;
  channels: Record<string, { healthy?: boolean; identity?: string; lastError?: string }>;
  sessions: { count: number };
  /** `degraded`: it runs with the last good configuration. */
  config?: { state?: string; problems?: string[] };
}

export const command: Command<Options> = {
  describe: "Ask the running gateway how it is",
  examples: [["openclaw health --json", "for scripts: exit code 0 when the gateway answers"]],
  options: (yargs) =>
    gatewayOptions(yargs)
      .option("probe", { type: "boolean", describe: "Ask the platforms too" })
      .option("verbose", { type: "boolean", describe: "Also say which gateway was asked" }),
  async run(options, { terminal, json, ...context }) {
    const health = await withGateway(options, { terminal, json, ...context }, (client, address) => {
      if (options.verbose) terminal.err(`Asking ${address.url}`);
      return client.request("health", options.probe ? { probe: true } : {}, { timeoutMs: options.timeout });
    });
    if (json) return terminal.json(health);
    const [{ formatTable }, { duration }] = await Promise.all([
      import("../output/table.ts"),
      import("../output/time.ts"),
    ]);
    const { version, uptimeMs = 0, channels, sessions, config } = health as unknown as HealthSummary;
    terminal.out(
      `The gateway is well: version ${version ?? "unknown"}, up ${duration(uptimeMs)}, ${sessions.count} ${sessions.count === 1 ? "session" : "sessions"}.`,
    );
    if (config?.state === "degraded") {
      terminal.out(`It runs with the last good configuration:\n${(config.problems ?? []).join("\n")}`);
    }
    const rows = Object.entries(channels).map(([channel, { healthy, identity, lastError }]) => ({
      channel,
      state: healthy ? "connected" : "not connected",
      as: identity,
      problem: lastError,
    }));
    if (rows.length > 0) terminal.out(formatTable(rows, ["channel", "state", "as", "problem"], terminal));
  },
};
