import type { OpenClawConfig } from "@openclaw/core/config";
import type { ModelNames } from "../command.ts";

/** The aliases that the configuration gives to models. */
export function modelNames(config: OpenClawConfig): ModelNames {
  const models = Object.entries(config.agents?.defaults?.models ?? {});
  const aliases = models.flatMap(([reference, entry]) =>
    entry?.alias ? [[entry.alias.trim().toLowerCase(), reference] as const] : [],
  );
  return { aliases: new Map(aliases) };
}
