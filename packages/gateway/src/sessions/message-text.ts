import type { StoredMessage } from "@openclaw/core/sessions";
import { stripEnvelope } from "@openclaw/core/reply";

/** The words of a message, blocks joined; what the envelope added around a person's text is left out. */
export function messageText({ role, content }: StoredMessage): string {
  const text =
    typeof content === "string"
      ? content
      : Array.isArray(content)
        ? (content as { type?: string; text?: string }[]).flatMap((part) => (part.type === "text" ? [part.text ?? ""] : [])).join("")
        : "";
  return role === "user" ? stripEnvelope(text) : text;
}

/** A stored message as clients see it: content always as blocks, a person's words without the envelope. */
export function clientMessage(message: StoredMessage): StoredMessage {
  const blocks = typeof message.content === "string" ? [{ type: "text", text: message.content }] : (message.content ?? []);
  if (message.role !== "user" || !Array.isArray(blocks)) return { ...message, content: blocks };
  return {
    ...message,
    content: (blocks as { type: string; text?: string }[]).map((part) =>
      part.type === "text" ? { ...part, text: stripEnvelope(part.text ?? "") } : part,
    ),
  };
}
