import { OpenClawError } from "@openclaw/core";
import { instanceOwner } from "@openclaw/gateway/installation";
import type { Command } from "../../command-line/command.ts";
import { commandPrefix } from "../../command-line/command-prefix.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { installationPaths } from "../../installation/installation.ts";
import { duration } from "../../output/time.ts";
import { signalGateway } from "./signal-gateway.ts";

interface Options extends GatewayOptions {
  timeout: number;
}

const POLL_MS = 200;

export const command: Command<Options> = {
  describe: "Stop the gateway and start it anew in the same process; running answers may finish first",
  options: (yargs) =>
    yargs.option("timeout", {
      type: "number",
      default: 30_000,
      describe: "Milliseconds to wait until it answers again",
    }),
  async run({ timeout }, context) {
    const { lockPath, configPath } = installationPaths(context);
    const owner = instanceOwner(lockPath);
    if (!owner) {
      throw new OpenClawError({
        code: "GATEWAY_UNREACHABLE",
        message: `No gateway is running with ${configPath}.`,
        hint: `Start it with: ${commandPrefix(context)} gateway`,
      });
    }
    const startedAt = performance.now();
    signalGateway(owner.pid, "SIGUSR1");
    while (performance.now() - startedAt < timeout) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      const elapsed = performance.now() - startedAt;
      const uptimeMs = await uptime(context).catch(() => undefined);
      if (uptimeMs === undefined || uptimeMs >= elapsed) continue;
      if (context.json) context.terminal.json({ ok: true, pid: owner.pid, tookMs: Math.round(elapsed) });
      else context.terminal.out(`The gateway (pid ${owner.pid}) answers again after ${(elapsed / 1000).toFixed(1)} s.`);
      return;
    }
    throw new OpenClawError({
      code: "GATEWAY_NOT_BACK",
      message: `The gateway (pid ${owner.pid}) was told to restart, but does not answer anew after ${duration(timeout)}.`,
      hint: "It may be finishing an answer: look at openclaw logs.",
    });
  },
};

const uptime = (context: Parameters<typeof withGateway>[1]): Promise<number | undefined> =>
  withGateway({}, context, async (client) => ((await client.request("health", {})) as { uptimeMs?: number }).uptimeMs, {
    mode: "probe",
    connectTimeoutMs: 2000,
  });
