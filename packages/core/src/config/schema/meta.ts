import { choice, section, text } from "./dsl.ts";

export const meta = section(
  "Written by the program: which version touched this file last.",
  { lastTouchedVersion: text("Version."), lastTouchedAt: text("ISO time.") },
  { advanced: true },
);

export const wizard = section(
  "Written by onboard, configure and doctor.",
  {
    lastRunAt: text("ISO time."),
    lastRunVersion: text("Version."),
    lastRunCommit: text("Commit."),
    lastRunCommand: text("Command."),
    lastRunMode: choice(["local", "remote"], "Mode chosen."),
  },
  { advanced: true },
);
