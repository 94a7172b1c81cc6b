import type { Transcript } from "@openclaw/core/sessions";
import type { TurnRequest } from "../store/turns.ts";

/**
 * Whether a message that was steered into a turn has been read there. Asked after a crash, when nobody knows any more
 * how far that turn came: its transcript does.
 */
export function wasRead({ text }: TurnRequest, transcript: Transcript): boolean {
  return transcript.branch().some(({ message }) => message?.role === "user" && textOf(message.content) === text);
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? (content as { text?: string }[]).map(({ text = "" }) => text).join("") : "";
}
