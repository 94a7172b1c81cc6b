import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { changeConfiguration, nextStep } from "../../installation/change-configuration.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { formatTable } from "../../output/table.ts";

interface Options {
  alias?: string;
  model?: string;
  remove?: string;
}

export const command: Command<Options> = {
  args: "[alias] [model]",
  describe: "List the short names for models; with a name and a model, make one",
  examples: [
    ["openclaw models aliases opus anthropic/claude-opus-4-5", "then /model opus in any chat"],
    ["openclaw models aliases --remove opus", ""],
  ],
  options: (yargs) => yargs.option("remove", { type: "string", describe: "Take this name away" }),
  async run({ alias, model, remove }, context) {
    const installation = await loadInstallation(context);
    const { terminal, json } = context;
    const aliases = Object.entries(installation.loaded.authored.agents?.defaults?.models ?? {}).flatMap(
      ([name, entry]) => (entry?.alias ? [{ alias: entry.alias, model: name }] : []),
    );
    const find = (word: string) => aliases.find((row) => row.alias.toLowerCase() === word.toLowerCase());

    if (alias === undefined && remove === undefined) {
      if (json) terminal.json({ aliases });
      else if (aliases.length === 0)
        terminal.err("There are no aliases. Make one: openclaw models aliases <alias> <provider/model>");
      else terminal.out(formatTable(aliases, ["alias", "model"], terminal));
      return;
    }
    const old = find(remove ?? alias ?? "");
    if (remove !== undefined && !old)
      throw usageError(
        `There is no alias "${remove}".`,
        aliases.length > 0 ? `There are: ${aliases.map((row) => row.alias).join(", ")}.` : undefined,
      );
    if (remove === undefined && !/^[^/\s]+\/\S+$/.test(model ?? ""))
      throw usageError(`Which model is "${alias}" short for?`, `openclaw models aliases ${alias} <provider/model>`);
    const place = (name: string) => ["agents", "defaults", "models", name, "alias"];
    const edits = [
      ...(old && old.model !== model ? [{ path: place(old.model), value: undefined }] : []),
      ...(remove === undefined ? [{ path: place(model!), value: alias }] : []),
    ];
    const change = await changeConfiguration(context, edits, installation);
    if (json) return terminal.json({ ok: true, written: change.written });
    terminal.out(
      remove === undefined ? `${alias} is short for ${model}.` : `${old?.alias} is no longer short for ${old?.model}.`,
    );
    // The list of models is also the list of allowed ones, as soon as it has an entry.
    if (remove === undefined && aliases.length === 0)
      terminal.err("agents.defaults.models now has entries, so sessions may choose only these models.");
    const next = nextStep(change);
    if (next) terminal.err(next);
  },
};
