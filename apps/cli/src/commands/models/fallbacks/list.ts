import type { Command } from "../../../command-line/command.ts";
import { loadInstallation } from "../../../installation/installation.ts";
import { fallbacksOf } from "./edit-fallbacks.ts";

export const command: Command = {
  describe: "List the models that step in when the first one fails, in their order",
  async run(_options, context) {
    const fallbacks = fallbacksOf(await loadInstallation(context));
    const { terminal, json } = context;
    if (json) return terminal.json({ fallbacks });
    if (fallbacks.length > 0) terminal.out(fallbacks.join("\n"));
    else terminal.err("There are none. Add one: openclaw models fallbacks add <provider/model>");
  },
};
