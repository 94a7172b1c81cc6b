import { type ConfigPath, parsePath } from "@openclaw/core/config";
import { usageError } from "../../command-line/usage-error.ts";

/** A path as it was typed. Fails when it is none. */
export function typedPath(text: string): ConfigPath {
  const path = parsePath(text);
  if (path) return path;
  throw usageError(
    `"${text}" is not a path of the configuration.`,
    'Write it with dots, e.g. gateway.port or agents.list.0.id; quote keys with dots: models.providers["my.host"]',
  );
}
