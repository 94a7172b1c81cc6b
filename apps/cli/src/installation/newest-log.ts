import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "./installation.ts";

/** The log file a gateway of this installation wrote last; undefined when there is none. */
export function newestLog({ paths, loaded }: Installation): string | undefined {
  const file = loaded.authored.logging?.file;
  if (typeof file === "string" && file !== "") return paths.expand(file);
  try {
    const names = readdirSync(paths.logDir).filter((name) => /^openclaw-\d{4}-\d\d-\d\d\.log$/.test(name));
    const newest = names.toSorted().at(-1);
    return newest && join(paths.logDir, newest);
  } catch {
    return undefined;
  }
}
