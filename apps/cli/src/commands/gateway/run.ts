import { homedir } from "node:os";
import { systemClock } from "@openclaw/core";
import { openConfiguration, runGateway } from "@openclaw/gateway";
import { channelManifests } from "@openclaw/gateway/manifests";
import type { Command } from "../../command-line/command.ts";
import { controlUiDirectory } from "../../installation/control-ui.ts";
import { writeFirstConfiguration } from "../../installation/first-configuration.ts";
import { openGatewayLog } from "../../installation/gateway-log.ts";
import { installationPaths, loadInstallation } from "../../installation/installation.ts";
import { version } from "../../version.ts";
import { welcome } from "./welcome.ts";

interface Options {
  port?: number;
  bind?: string;
  token?: string;
  password?: string;
  allowUnconfigured?: boolean;
  verbose?: boolean;
}

export const command: Command<Options> = {
  describe: "Run the gateway in this terminal",
  examples: [
    ["openclaw gateway", "on 127.0.0.1:18789"],
    ["openclaw --profile second gateway --port 19001", "a second one beside it"],
  ],
  options: (yargs) =>
    yargs
      .option("port", { type: "number", describe: "Port for WebSocket and HTTP (default 18789)" })
      .option("bind", {
        choices: ["loopback", "lan", "tailnet", "auto", "custom"],
        describe: "Interfaces to listen on (default loopback)",
      })
      .option("token", { type: "string", describe: "Token clients must send (default: from the configuration)" })
      .option("password", { type: "string", describe: "Password clients must send" })
      .option("allow-unconfigured", { type: "boolean", describe: 'Start although gateway.mode is not "local"' })
      .option("verbose", { type: "boolean", describe: "Log debug messages" }),
  async run({ port, bind, token, password, allowUnconfigured, verbose = false }, context) {
    const first = writeFirstConfiguration(installationPaths(context).configPath);
    // What is wrong with it is found below, where a last good one can stand in.
    const installation = await loadInstallation(context, { validate: false });
    const { paths, loaded } = installation;
    const auth = loaded.authored.gateway?.auth;
    const log = openGatewayLog(installation, context, {
      verbose,
      secrets: [token, password, auth?.token, auth?.password, loaded.env.OPENCLAW_GATEWAY_TOKEN],
    });
    for (const note of loaded.notes) log.warn(note);
    for (const { message } of loaded.rewrites) log.warn(`configuration: ${message}`);

    try {
      const configuration = await openConfiguration({
        paths,
        env: context.env,
        cwd: context.cwd,
        homedir: homedir(),
        manifests: channelManifests,
        clock: systemClock,
        log,
        version,
      });
      const gateway = await runGateway({
        configuration,
        log,
        logFile: () => log.file(),
        controlUi: controlUiDirectory(),
        port,
        bind,
        token,
        password,
        allowUnconfigured,
      });
      // Whoever reads the welcome may stop it.
      const signalled = untilSignal();
      context.terminal.err(
        welcome({
          port: gateway.current().port,
          installation,
          config: configuration.current(),
          problems: configuration.degraded()?.problems ?? [],
          token,
          password,
          first,
          profile: context,
          terminal: context.terminal,
        }),
      );
      // As other installations restart theirs; `openclaw gateway restart` sends it.
      process.on("SIGUSR1", () => gateway.restart("SIGUSR1"));
      const signal = await Promise.race([signalled, gateway.ended]);
      if (signal) {
        context.terminal.err("Stopping: running answers may finish (Ctrl-C again stops at once).");
        log.info(`stopping on ${signal}`);
      }
      await gateway.stop();
    } finally {
      await log.close();
    }
  },
};

/** Resolves on SIGINT or SIGTERM; a second one ends the process at once. */
function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ["SIGINT", "SIGTERM"] as const;
    const again = () => process.exit(130);
    const onSignal = (signal: NodeJS.Signals) => {
      for (const name of signals) process.off(name, onSignal).on(name, again);
      resolve(signal);
    };
    for (const name of signals) process.on(name, onSignal);
  });
}
