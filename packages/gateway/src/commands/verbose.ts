import { levelDirective } from "./directives/level-directive.ts";

export const verbose = levelDirective({
  name: "verbose",
  aliases: ["v"],
  description: "Show what tools I use while I work.",
  section: "Model and answers",
  label: "Verbose",
  levels: ["off", "on", "full"],
  field: "verboseLevel",
  override: (level) => ({ verbose: level }),
  level: (overrides) => overrides.verbose,
  fallback: ({ config }) => config().agents?.defaults?.verboseDefault ?? "off",
  explain: { on: "tool calls are shown", full: "tool calls and what they printed are shown" },
});
