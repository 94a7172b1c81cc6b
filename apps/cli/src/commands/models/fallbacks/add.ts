import type { Command } from "../../../command-line/command.ts";
import { editFallbacks, modelNamed } from "./edit-fallbacks.ts";

export const command: Command<{ model: string; first?: boolean }> = {
  args: "<model>",
  describe: "Let a model step in when those before it fail",
  examples: [["openclaw models fallbacks add openrouter/openai/gpt-5.2", ""]],
  options: (yargs) => yargs.option("first", { type: "boolean", describe: "Before the others instead of after them" }),
  run: ({ model: word, first }, context) =>
    editFallbacks(context, (current, installation) => {
      const model = modelNamed(word, installation);
      const others = current.filter((other) => other !== model);
      return first ? [model, ...others] : [...others, model];
    }),
};
