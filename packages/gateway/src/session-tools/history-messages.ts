import type { StoredMessage } from "@openclaw/core/sessions";
import { messageText } from "../sessions/message-text.ts";

/** A message as another session's model reads it: words alone, without thinking, images and bookkeeping. */
export interface HistoryMessage {
  role: string;
  text: string;
  /** Epoch ms. */
  timestamp?: number;
  /** Tools that the message calls, or the one it is the result of. */
  tools?: string[];
}

/** Longest text of one message, characters. */
const TEXT_CHARS = 4_000;
/** Longest history in all, characters; the oldest messages go first. */
const TOTAL_CHARS = 40_000;

export interface HistoryOptions {
  limit: number;
  includeTools: boolean;
}

export function historyMessages(
  messages: readonly StoredMessage[],
  { limit, includeTools }: HistoryOptions,
): HistoryMessage[] {
  const shown = messages
    .filter(({ role }) => role === "user" || role === "assistant" || (includeTools && role === "toolResult"))
    .map((message) => historyMessage(message, includeTools))
    .filter(({ text, tools }) => text !== "" || tools)
    .slice(-limit);
  let total = 0;
  const first = shown.findLastIndex(({ text }) => (total += text.length) > TOTAL_CHARS);
  return shown.slice(first + 1);
}

function historyMessage(message: StoredMessage, includeTools: boolean): HistoryMessage {
  const text = message.role === "toolResult" ? messageText({ ...message, role: "tool" }) : messageText(message);
  const tools = includeTools ? toolNames(message) : [];
  return {
    role: message.role,
    text:
      text.length > TEXT_CHARS
        ? `${text.slice(0, TEXT_CHARS).replace(/[\ud800-\udbff]$/, "")}… [cut: ${text.length} characters]`
        : text,
    ...(message.timestamp ? { timestamp: message.timestamp } : {}),
    ...(tools.length > 0 ? { tools } : {}),
  };
}

function toolNames({ toolName, content }: StoredMessage): string[] {
  if (typeof toolName === "string") return [toolName];
  const blocks = Array.isArray(content) ? (content as { type?: string; name?: string }[]) : [];
  return blocks.flatMap(({ type, name }) => (type === "toolCall" && name ? [name] : []));
}
