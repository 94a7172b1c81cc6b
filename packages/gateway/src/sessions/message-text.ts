import type { StoredMessage } from "@openclaw/core/sessions";
import { stripEnvelope, userErrorText } from "@openclaw/core/reply";

/**
 * The words of a message, blocks joined; what the envelope added around a person's text is left out. An answer that
 * failed without a word says why.
 */
export function messageText(message: StoredMessage): string {
  const { role, content } = message;
  const text =
    typeof content === "string"
      ? content
      : Array.isArray(content)
        ? (content as { type?: string; text?: string }[])
            .flatMap((part) => (part.type === "text" ? [part.text ?? ""] : []))
            .join("")
        : "";
  return role === "user" ? stripEnvelope(text) : text || failureText(message);
}

/** What a person reads where an answer failed; empty for anything else. */
function failureText({ role, stopReason, errorMessage }: StoredMessage): string {
  return role === "assistant" && stopReason === "error" && typeof errorMessage === "string"
    ? userErrorText(errorMessage)
    : "";
}

/** A stored message as clients see it: content always as blocks, a person's words without the envelope, failures in words. */
export function clientMessage(message: StoredMessage): StoredMessage {
  const blocks =
    typeof message.content === "string" ? [{ type: "text", text: message.content }] : (message.content ?? []);
  if (message.role === "assistant" && Array.isArray(blocks) && blocks.length === 0) {
    const text = failureText(message);
    return { ...message, content: text === "" ? blocks : [{ type: "text", text }] };
  }
  if (message.role !== "user" || !Array.isArray(blocks)) return { ...message, content: blocks };
  return {
    ...message,
    content: (blocks as { type: string; text?: string }[]).map((part) =>
      part.type === "text" ? { ...part, text: stripEnvelope(part.text ?? "") } : part,
    ),
  };
}
