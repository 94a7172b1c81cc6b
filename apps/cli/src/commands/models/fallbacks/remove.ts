import { nearest } from "@openclaw/core/config";
import type { Command } from "../../../command-line/command.ts";
import { usageError } from "../../../command-line/usage-error.ts";
import { editFallbacks, modelNamed } from "./edit-fallbacks.ts";

export const command: Command<{ model: string }> = {
  args: "<model>",
  describe: "Take a model out of the fallbacks",
  run: ({ model: word }, context) =>
    editFallbacks(context, (current, installation) => {
      const model = current.includes(word) ? word : modelNamed(word, installation);
      if (current.includes(model)) return current.filter((other) => other !== model);
      const meant = nearest(model, current);
      throw usageError(
        `${model} is no fallback.`,
        meant ? `Did you mean ${meant}?` : "openclaw models fallbacks shows them.",
      );
    }),
};
