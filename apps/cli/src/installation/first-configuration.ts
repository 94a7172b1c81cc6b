import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { OpenClawError } from "@openclaw/core";

/** The smallest configuration of a gateway that starts by itself: local mode and a token nobody else knows. */
function firstConfiguration(): string {
  const token = randomBytes(24).toString("hex");
  return `${JSON.stringify({ gateway: { mode: "local", auth: { mode: "token", token } } }, null, 2)}\n`;
}

/** Writes it (0600) unless a file is there. True when it was written. */
export function writeFirstConfiguration(path: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, firstConfiguration(), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new OpenClawError({
      code: "STATE_UNWRITABLE",
      message: `${path} cannot be written (${code}).`,
      hint: "Check the owner and permissions of that directory, or point OPENCLAW_STATE_DIR at one of your own.",
      cause: error,
    });
  }
}
