import { createLog } from "@openclaw/core/log";
import { redactConfig } from "@openclaw/core/config";
import { startGateway } from "@openclaw/gateway";
import type { Command } from "../../command-line/command.ts";
import { assertValidConfig } from "../../installation/assert-valid.ts";
import { controlUiDirectory } from "../../installation/control-ui.ts";
import { writeFirstConfiguration } from "../../installation/first-configuration.ts";
import { type Installation, installationPaths, loadInstallation } from "../../installation/installation.ts";
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
    ["openclaw gateway --port 19001 --profile second", "a second one beside it"],
  ],
  options: (yargs) =>
    yargs
      .option("port", { type: "number", describe: "Port for WebSocket and HTTP (default 18789)" })
      .option("bind", { choices: ["loopback", "lan", "tailnet", "auto", "custom"], describe: "Interfaces to listen on (default loopback)" })
      .option("token", { type: "string", describe: "Token clients must send (default: from the configuration)" })
      .option("password", { type: "string", describe: "Password clients must send" })
      .option("allow-unconfigured", { type: "boolean", describe: 'Start although gateway.mode is not "local"' })
      .option("verbose", { type: "boolean", describe: "Log debug messages" }),
  async run(options, context) {
    const first = writeFirstConfiguration(installationPaths(context).configPath);
    const installation: Installation = await loadInstallation(context);
    const { paths, loaded } = installation;
    assertValidConfig(loaded);
    const log = createLog({
      dir: paths.logDir,
      file: loaded.config.logging?.file,
      level: options.verbose ? "debug" : (loaded.config.logging?.level ?? "info"),
      console: { level: options.verbose ? "debug" : "info", style: loaded.config.logging?.consoleStyle ?? "pretty", write: context.terminal.err },
    });
    for (const { from, to } of loaded.rewrites) log.warn(`configuration: ${from} is an old spelling of ${to}`);

    const gateway = await startGateway({
      config: loaded.config,
      paths,
      env: loaded.env,
      version,
      log,
      logFile: () => log.file(),
      controlUi: controlUiDirectory(),
      configSnapshot: () => configSnapshot(context),
      ...options,
    });
    context.terminal.err(welcome({ url: gateway.urls[0] ?? "", port: gateway.port, installation, first, terminal: context.terminal }));

    await untilSignal();
    context.terminal.err("Stopping: letting running answers finish (press Ctrl-C again to stop at once).");
    await gateway.stop("stopping");
    await log.close();
    return 0;
  },
};

/** `config.get`: what the file says now, secrets masked. */
async function configSnapshot(context: Parameters<typeof loadInstallation>[0]): Promise<unknown> {
  const { loaded } = await loadInstallation(context);
  return redactConfig(loaded);
}

/** Resolves on SIGINT or SIGTERM; a second one ends the process at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(130));
      });
    }
  });
}
