import type { CommandNode } from "../command-line/command.ts";

/** Every command. Nothing is loaded before it is called. */
export const tree: Readonly<Record<string, CommandNode>> = {
  setup: { describe: "Prepare the configuration and the workspace", load: () => import("./setup.ts") },
  gateway: {
    describe: "Run and look after the gateway",
    fallback: "run",
    children: {
      run: { describe: "Run the gateway in this terminal", load: () => import("./gateway/run.ts") },
    },
  },
};
