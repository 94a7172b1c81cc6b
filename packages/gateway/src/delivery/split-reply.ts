import { chunkText } from "@openclaw/core/reply";
import type { Limits } from "@openclaw/plugin-sdk/channel";

export interface SplitOptions {
  text: string;
  limits: Limits;
  /** The account's configuration: `textChunkLimit`, `chunkMode`. */
  config: unknown;
}

/** One text as the messages a platform takes, each within its limit, code blocks closed and opened again. */
export function splitReply({ text, limits, config }: SplitOptions): string[] {
  const { textChunkLimit = limits.text, chunkMode } = config as {
    textChunkLimit?: number;
    chunkMode?: "length" | "newline";
  };
  return chunkText(text, { limit: Math.min(textChunkLimit, limits.text), mode: chunkMode });
}
