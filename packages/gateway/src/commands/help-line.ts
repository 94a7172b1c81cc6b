import type { Command } from "./command.ts";

/** A command as one line of a list. */
export const line = ({ name, args, description }: Command): string =>
  `/${name}${args ? ` ${args}` : ""} · ${description}`;
