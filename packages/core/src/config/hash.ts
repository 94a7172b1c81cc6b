import { createHash } from "node:crypto";

/** SHA-256 of a configuration's text, hex: the `baseHash` of a change. */
export function hashOf(raw: string): string {
  return createHash("sha256").update(raw).digest("hex");
}
