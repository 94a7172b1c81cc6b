import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stateUnwritable } from "./state-unwritable.ts";

/** The smallest configuration of a gateway that starts by itself: local mode and a token nobody else knows. */
function firstConfiguration(): string {
  const token = randomBytes(24).toString("hex");
  return `${JSON.stringify({ gateway: { mode: "local", auth: { mode: "token", token } } }, null, 2)}\n`;
}

/** Writes it (0600) unless a file is there. True when it was written. Never leaves half a file behind. */
export function writeFirstConfiguration(path: string): boolean {
  if (existsSync(path)) return false;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, firstConfiguration(), { mode: 0o600 });
    // Unlike a rename, a link refuses when somebody else was faster.
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && existsSync(path)) return false;
    throw stateUnwritable(path, error);
  } finally {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // Where nothing could be written there is nothing to remove; the first failure is the one to hear of.
    }
  }
}
