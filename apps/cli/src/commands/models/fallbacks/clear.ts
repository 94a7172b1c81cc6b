import type { Command } from "../../../command-line/command.ts";
import { editFallbacks } from "./edit-fallbacks.ts";

export const command: Command = {
  describe: "Have no fallbacks",
  run: (_options, context) => editFallbacks(context, () => []),
};
