import type { StoredMessage, Transcript } from "@openclaw/core/sessions";
import type { TurnInput } from "../types.ts";
import { isBroken } from "./pi-messages.ts";

/** A user's message as pi and the transcript have it. */
export function userMessage(
  text: string,
  now: number,
  images: readonly { data: string; mimeType: string }[] = [],
): StoredMessage {
  return {
    role: "user",
    content: [{ type: "text", text }, ...images.map((image) => ({ type: "image", ...image }))],
    timestamp: now,
  };
}

/** Keeps the turn's question. Its entry carries the run id, by which a resumed turn is found in its transcript. */
export function appendQuestion(
  transcript: Transcript,
  { message, runId }: Pick<TurnInput, "message" | "runId">,
  now: number,
): void {
  if (!message) return;
  transcript.append({ type: "message", message: userMessage(message.text, now, message.images), runId });
}

/** What a person sees of an assistant message: its text blocks. */
export function visibleText(content: unknown): string {
  if (!Array.isArray(content)) return "";
  return content
    .flatMap((block: { type?: string; text?: string }) => (block.type === "text" && block.text ? [block.text] : []))
    .join("\n\n")
    .trim();
}

/** Visible texts of the assistant's finished messages after the newest user message. */
export function textsSinceUser(transcript: Transcript): string[] {
  const messages = transcript.messages();
  const since = messages.slice(messages.findLastIndex((message) => message.role === "user") + 1);
  return since.flatMap((message) => {
    const text = message.role === "assistant" && !isBroken(message) ? visibleText(message.content) : "";
    return text === "" ? [] : [text];
  });
}

/** False when the last message is a finished answer: a resumed turn that had only its end left to report. */
export function needsAnswer(transcript: Transcript): boolean {
  const last = transcript.messages().at(-1);
  return last !== undefined && (last.role !== "assistant" || isBroken(last));
}
