import type { Limits } from "@openclaw/plugin-sdk/channel";

export interface SplitOptions {
  text: string;
  limits: Limits;
  /** The account's configuration: `textChunkLimit`, `chunkMode`. */
  config: unknown;
}

/** One text as the messages a platform takes, never longer than its limit. */
export function splitReply({ text, limits, config }: SplitOptions): string[] {
  const { textChunkLimit = limits.text } = config as { textChunkLimit?: number };
  const limit = Math.min(textChunkLimit, limits.text);
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const at = Math.max(rest.lastIndexOf("\n", limit), limit / 2);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^\n/, "");
  }
  parts.push(rest);
  return parts.filter((part) => part.trim() !== "");
}
