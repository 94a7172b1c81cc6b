import { resolve } from "node:path";
import type { ConfigEdit } from "@openclaw/core/config";
import { expandHome } from "@openclaw/core/paths";
import { defaultAgentId } from "@openclaw/core/routing";
import { prepareWorkspace } from "@openclaw/gateway/installation";
import { homedir } from "node:os";
import type { Command } from "../command-line/command.ts";
import { commandPrefix } from "../command-line/command-prefix.ts";
import { usageError } from "../command-line/usage-error.ts";
import { assertValidConfig } from "../installation/assert-valid.ts";
import { changeConfiguration } from "../installation/change-configuration.ts";
import { writeFirstConfiguration } from "../installation/first-configuration.ts";
import { installationPaths, loadInstallation } from "../installation/installation.ts";
import { shortPath } from "../output/short-path.ts";

interface Options {
  workspace?: string;
  mode?: "local" | "remote";
  remoteUrl?: string;
  remoteToken?: string;
}

export const command: Command<Options> = {
  describe: "Make a first configuration and workspace; asks nothing, changes nothing that is there",
  examples: [
    ["openclaw setup", ""],
    ["openclaw setup --workspace ~/assistant", ""],
    ["openclaw setup --mode remote --remote-url wss://home.example --remote-token …", "use a gateway elsewhere"],
  ],
  options: (yargs) =>
    yargs
      .option("workspace", {
        type: "string",
        describe: "Where your assistant keeps its files (default: in the state directory)",
      })
      .option("mode", { choices: ["local", "remote"], describe: "Run the gateway here, or use one elsewhere" })
      .option("remote-url", { type: "string", describe: "Its address, ws:// or wss://" })
      .option("remote-token", { type: "string", describe: "Its token" }),
  async run({ workspace, mode: asked, remoteUrl, remoteToken }, context) {
    const mode = asked ?? (remoteUrl || remoteToken ? "remote" : undefined);
    if (mode === "remote" && !remoteUrl) {
      const { loaded } = await loadInstallation(context);
      if (!loaded.authored.gateway?.remote?.url)
        throw usageError("A remote gateway needs an address.", "Add --remote-url wss://…");
    }
    const paths = installationPaths(context);
    const made = writeFirstConfiguration(paths.configPath);
    const edits: ConfigEdit[] = [
      ...(mode ? [{ path: ["gateway", "mode"], value: mode }] : []),
      ...(remoteUrl ? [{ path: ["gateway", "remote", "url"], value: remoteUrl }] : []),
      ...(remoteToken ? [{ path: ["gateway", "remote", "token"], value: remoteToken }] : []),
      ...(workspace
        ? [{ path: ["agents", "defaults", "workspace"], value: resolve(context.cwd, expandHome(workspace, homedir())) }]
        : []),
    ];
    const first = await loadInstallation(context);
    assertValidConfig(first.loaded);
    const change = edits.length > 0 ? await changeConfiguration(context, edits, first) : undefined;
    const { config, env } = (await loadInstallation(context)).loaded;
    const place =
      config.gateway?.mode === "remote"
        ? undefined
        : await prepareWorkspace({ agentId: defaultAgentId(config), config, stateDir: paths.stateDir, env });

    const { terminal, json } = context;
    if (json) {
      return terminal.json({
        ok: true,
        config: { path: paths.configPath, created: made, changed: (change?.written.length ?? 0) > 0 },
        ...(place ? { workspace: place } : {}),
        mode: config.gateway?.mode ?? "unset",
      });
    }
    terminal.out(
      `Configuration  ${shortPath(paths.configPath)} ${made ? "(new)" : change?.written.length ? "(changed)" : "(as it was)"}`,
    );
    if (place)
      terminal.out(
        `Workspace      ${shortPath(place.dir)} ${place.created.length > 0 ? `(new: ${place.created.join(", ")})` : "(as it was)"}`,
      );
    terminal.err(`\nNext: ${commandPrefix(context)} ${config.gateway?.mode === "remote" ? "status" : "gateway"}`);
  },
};
