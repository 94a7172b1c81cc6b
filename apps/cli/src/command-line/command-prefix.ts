import type { CommandContext } from "./command.ts";

/** How a person begins the next command, so that it means the same installation: `openclaw --profile work`. */
export const commandPrefix = ({ profile, dev }: Pick<CommandContext, "profile" | "dev">): string =>
  profile ? `openclaw --profile ${profile}` : dev ? "openclaw --dev" : "openclaw";
