import { mayElevate } from "./access/may-elevate.ts";
import { levelDirective } from "./directives/level-directive.ts";

export const elevated = levelDirective({
  name: "elevated",
  aliases: ["elev"],
  description: "Let commands run on the host, with or without asking.",
  section: "Administration",
  label: "Elevated",
  levels: ["off", "on", "ask", "full"],
  field: "elevatedLevel",
  override: (level) => ({ elevated: level }),
  level: (overrides) => overrides.elevated,
  fallback: ({ config }) => config().agents?.defaults?.elevatedDefault ?? "on",
  refuse: (level, input, context) => (level === "off" ? undefined : mayElevate(input, context)),
  explain: {
    on: "on the host, approvals apply",
    ask: "on the host, approvals apply",
    full: "on the host, nobody is asked",
  },
});
