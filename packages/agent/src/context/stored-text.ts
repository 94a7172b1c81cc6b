import type { StoredMessage } from "@openclaw/core/sessions";

export interface TextBlock {
  type: string;
  text?: string;
}

export const blocksOf = ({ content }: Pick<StoredMessage, "content">): readonly TextBlock[] =>
  Array.isArray(content) ? (content as TextBlock[]) : [];

/** The text of a stored message, whichever way it is written. */
export function textOf(message: Pick<StoredMessage, "content">): string {
  if (typeof message.content === "string") return message.content;
  return blocksOf(message)
    .flatMap(({ type, text }) => (type === "text" && text ? [text] : []))
    .join("\n");
}

/** Fields of stored entries are as somebody wrote them. */
export const stringOf = (value: unknown, otherwise = "") => (typeof value === "string" ? value : otherwise);
