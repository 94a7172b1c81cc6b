import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { formatFacts } from "../../output/facts.ts";
import { duration } from "../../output/time.ts";

export const command: Command<GatewayOptions> = {
  describe: "Connect and ask everything a monitor wants to know",
  examples: [["openclaw gateway probe --json", "health, status, presence and configuration in one document"]],
  options: gatewayOptions,
  async run(options, context) {
    const startedAt = performance.now();
    const timeoutMs = options.timeout;
    const found = await withGateway(
      options,
      context,
      async (client, { url }) => {
        const connectMs = Math.round(performance.now() - startedAt);
        const [health, status, presence, config] = await Promise.all([
          client.request("health", {}, { timeoutMs }),
          client.request("status", {}, { timeoutMs }),
          client.request("system-presence", {}, { timeoutMs }),
          client.request("config.get", {}, { timeoutMs }),
        ]);
        return { url, connectMs, server: client.hello?.server, health, status, presence, config };
      },
      { mode: "probe", scopes: ["operator.admin"] },
    );
    if (context.json) return context.terminal.json({ ok: true, ...found });
    const { uptimeMs = 0, version } = found.health as { uptimeMs?: number; version?: string };
    const { valid, path } = found.config as { valid?: boolean; path?: string };
    context.terminal.out(
      formatFacts(
        [
          ["Gateway", `${found.url}, version ${version ?? "unknown"}, up ${duration(uptimeMs)}`],
          ["Connected", `in ${found.connectMs} ms`],
          ["Sessions", String(found.health.sessions.count)],
          ["Channels", (found.status as { channelSummary?: string[] }).channelSummary?.join("\n") || "none"],
          ["Present", found.presence.map(({ host, mode }) => `${host ?? "?"} (${mode ?? "?"})`).join("\n")],
          ["Config", path && `${path}${valid === false ? ", with problems" : ""}`],
        ],
        context.terminal,
      ),
    );
  },
};
