import type { StoredMessage, TranscriptEntry } from "@openclaw/core/sessions";

/** Rough measure of the field: English has about four bytes in a token, and other scripts fit the same rule by bytes. */
const BYTES_PER_TOKEN = 4;
/** An image of the usual size, in tokens. */
const IMAGE_TOKENS = 1600;
/** Role, separators and ids of one message. */
const MESSAGE_TOKENS = 6;

export const CHARS_PER_TOKEN = BYTES_PER_TOKEN;

interface Block {
  type?: string;
  text?: string;
  thinking?: string;
  name?: string;
  arguments?: unknown;
}

export function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

function blockTokens(block: Block): number {
  switch (block.type) {
    case "text":
      return textTokens(block.text ?? "");
    case "thinking":
      return textTokens(block.thinking ?? "");
    case "toolCall":
      return textTokens(`${block.name ?? ""}${JSON.stringify(block.arguments ?? {})}`);
    case "image":
      return IMAGE_TOKENS;
    default:
      return 0;
  }
}

export function messageTokens({ content }: Pick<StoredMessage, "content">): number {
  if (typeof content === "string") return MESSAGE_TOKENS + textTokens(content);
  if (!Array.isArray(content)) return MESSAGE_TOKENS;
  return (content as Block[]).reduce((sum, block) => sum + blockTokens(block), MESSAGE_TOKENS);
}

export function messagesTokens(messages: readonly Pick<StoredMessage, "content">[]): number {
  return messages.reduce((sum, message) => sum + messageTokens(message), 0);
}

/**
 * Tokens of the next prompt, as the provider counted the last one, plus what came after it. Undefined when no answer
 * since the newest compaction carries a count: older counts are about a longer conversation.
 */
export function measuredTokens(branch: readonly TranscriptEntry[]): number | undefined {
  const compaction = branch[0]?.type === "compaction" ? branch[0].id : undefined;
  const first = compaction === undefined ? 0 : branch.findIndex((entry) => entry.parentId === compaction);
  if (first < 0) return undefined;
  let after = 0;
  for (const { message } of branch.slice(first).toReversed()) {
    if (!message) continue;
    const total = (message["usage"] as { totalTokens?: unknown } | undefined)?.totalTokens;
    if (message.role === "assistant" && typeof total === "number" && total > 0) return total + after;
    after += messageTokens(message);
  }
  return undefined;
}

/** The provider's count when it can be true, our own estimate otherwise: servers exist that count nothing. */
export function promptTokens(estimated: number, measured: number | undefined): number {
  return measured !== undefined && measured >= estimated / 3 ? measured : estimated;
}
