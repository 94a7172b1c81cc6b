import type { Command } from "../../command-line/command.ts";
import { loadInstallation } from "../../installation/installation.ts";

export const command: Command = {
  describe: "Print where the configuration is",
  async run(_options, context) {
    const { loaded } = await loadInstallation(context);
    if (context.json) context.terminal.json({ path: loaded.path, exists: loaded.exists, includes: loaded.includes });
    else context.terminal.out([loaded.path, ...loaded.includes].join("\n"));
    if (!loaded.exists && !context.json) context.terminal.err("It is not there yet: openclaw setup makes one.");
  },
};
