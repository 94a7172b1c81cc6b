import { OpenClawError } from "@openclaw/core";
import { formatPath, getAt } from "@openclaw/core/config";
import type { Command } from "../../command-line/command.ts";
import { changeConfiguration, nextStep } from "../../installation/change-configuration.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { canonicalPath } from "./canonical-path.ts";
import { typedPath } from "./path.ts";

export const command: Command<{ path: string }> = {
  args: "<path>",
  describe: "Remove a value, so that its default counts again",
  examples: [["openclaw config unset gateway.port", ""]],
  async run({ path: typed }, context) {
    const installation = await loadInstallation(context);
    const { loaded } = installation;
    const written = typedPath(typed);
    // What cannot be loaded can still be taken out: the file may spell it in a way nothing understands.
    const path = getAt(loaded.parsed, written) === undefined ? canonicalPath(written) : written;
    if (getAt(loaded.parsed, path) === undefined && getAt(loaded.authored, path) === undefined) {
      throw new OpenClawError({
        code: "CONFIG_NOT_SET",
        message: `${typed} is not set.`,
        hint: "openclaw config get shows what is.",
      });
    }
    const change = await changeConfiguration(context, [{ path, value: undefined }], installation);
    const { terminal, json } = context;
    if (json)
      return terminal.json({ ok: true, path: formatPath(path), written: change.written, backups: change.backups });
    terminal.out(`${formatPath(path)} is removed from ${change.written.join(", ")}.`);
    const next = nextStep(change);
    if (next) terminal.err(next);
  },
};
