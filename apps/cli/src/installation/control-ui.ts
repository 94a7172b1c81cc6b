import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Directory of the built Control UI, or undefined when the package is not installed. */
export function controlUiDirectory(): string | undefined {
  try {
    return dirname(fileURLToPath(import.meta.resolve("@openclaw/control-ui/index.html")));
  } catch {
    return undefined;
  }
}
