import { publishSchema } from "@openclaw/core/config";
import { channelManifests } from "@openclaw/gateway/manifests";
import type { Command } from "../../command-line/command.ts";
import { version } from "../../version.ts";

export const command: Command<{ hints?: boolean }> = {
  describe: "Print the JSON Schema of the configuration, for editors and forms",
  examples: [["openclaw config schema > openclaw.schema.json", 'then "$schema": "./openclaw.schema.json" in the file']],
  options: (yargs) => yargs.option("hints", { type: "boolean", describe: "With the labels and groups that forms use" }),
  async run({ hints = false }, context) {
    const published = await publishSchema(channelManifests, { version });
    context.terminal.json(hints ? published : published.schema);
  },
};
