import { nearest } from "@openclaw/core/config";
import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { changeConfiguration, nextStep } from "../../installation/change-configuration.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { primaryModelEdit } from "./model-edit.ts";

export const command: Command<{ model: string }> = {
  args: "<model>",
  describe: "Choose the model that answers, as provider/model or an alias",
  examples: [["openclaw models set anthropic/claude-opus-4-5", ""]],
  async run({ model }, context) {
    const installation = await loadInstallation(context);
    const { authored } = installation.loaded;
    const names = Object.entries(authored.agents?.defaults?.models ?? {});
    const aliased = names.find(([, entry]) => entry?.alias?.toLowerCase() === model.toLowerCase())?.[0];
    const wanted = aliased ?? model;
    if (!/^[^/\s]+\/\S+$/.test(wanted)) {
      const meant = nearest(
        model,
        names.flatMap(([, entry]) => entry?.alias ?? []),
      );
      throw usageError(
        `"${model}" is neither provider/model nor an alias.`,
        meant ? `Did you mean ${meant}?` : "openclaw models list shows what there is.",
      );
    }
    const change = await changeConfiguration(context, [primaryModelEdit(authored, wanted)], installation);
    const { terminal, json } = context;
    if (json) return terminal.json({ ok: true, model: wanted, written: change.written });
    terminal.out(`${wanted} is the model now.`);
    const next = nextStep(change);
    if (next) terminal.err(next);
  },
};
