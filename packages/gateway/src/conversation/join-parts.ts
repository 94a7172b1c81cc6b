import type { Inbound } from "@openclaw/core";
import type { InboxRow } from "../store/inbox.ts";

/**
 * Several rows as the one message they are: everybody's files, the words in order. An album keeps its first message's
 * id; what was written in a row is answered at its last.
 */
export function joinParts(rows: readonly InboxRow[]): InboxRow {
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last || first === last) return first as InboxRow;
  const parts = rows.map(({ message }) => message);
  const joined = (start: string) =>
    parts.reduce((text, part, at) => (at === 0 ? start : append(text, part, parts[at - 1])), "");
  const message: Inbound = {
    ...first.message,
    messageId: first.message.albumId ? first.message.messageId : last.message.messageId,
    text: joined(first.message.text),
    ...(first.message.command === undefined ? {} : { command: joined(first.message.command) }),
    media: parts.flatMap(({ media = [] }) => media),
    mentioned: parts.some(({ mentioned }) => mentioned),
  };
  return { ...first, message };
}

/** A text that the client cut goes on without a break. */
function append(text: string, { text: words, part }: Inbound, before: Inbound | undefined): string {
  if (words === "" || text === "") return text + words;
  const goesOn = before?.part?.full === true && part?.sequence === before.part.sequence + 1;
  return `${text}${goesOn ? "" : "\n"}${words}`;
}
