import type { StoredMessage, TranscriptEntry } from "@openclaw/core/sessions";
import { keepHead, keepTail } from "../tools/text-limit.ts";
import { textTokens } from "./estimate.ts";
import { stringOf, textOf } from "./stored-text.ts";

/** A tool's result in what is summarised, characters: what it said matters, not its every line. */
const RESULT_CHARS = 2000;
const ARGUMENT_CHARS = 500;

/** A conversation as text to be read about, not taken part in: one string for each message that says something. */
export function conversationTexts(entries: readonly TranscriptEntry[]): string[] {
  return entries.flatMap((entry) => {
    if (entry.type === "custom_message") return [`[User]\n${textOf({ content: entry["content"] })}`];
    if (entry.type === "branch_summary") return [`[Earlier branch]\n${stringOf(entry["summary"])}`];
    return entry.message ? messageTexts(entry.message) : [];
  });
}

function messageTexts(message: StoredMessage): string[] {
  const said = textOf(message).trim();
  switch (message.role) {
    case "user":
      return said === "" ? [] : [`[User]\n${said}`];
    case "assistant": {
      const calls = (
        Array.isArray(message.content)
          ? (message.content as { type?: string; name?: string; arguments?: unknown }[])
          : []
      )
        .filter(({ type }) => type === "toolCall")
        .map(
          ({ name, arguments: args }) =>
            `[Call of ${name ?? "?"}] ${keepHead(JSON.stringify(args ?? {}), ARGUMENT_CHARS).text}`,
        );
      return [...(said === "" ? [] : [`[Assistant]\n${said}`]), ...calls];
    }
    case "toolResult":
      return [
        `[Result of ${stringOf(message["toolName"], "?")}${message["isError"] === true ? ", failed" : ""}]\n${shortened(said)}`,
      ];
    default:
      return [];
  }
}

function shortened(text: string): string {
  if (text.length <= RESULT_CHARS) return text;
  return `${keepHead(text, (RESULT_CHARS * 2) / 3).text}\n[…]\n${keepTail(text, RESULT_CHARS / 3).text}`;
}

/**
 * Parts of at most `maxTokens` each, in order. A text that is longer by itself is cut to its beginning. Only the newest
 * `maxParts` are given; `omitted` says how many texts came before them.
 */
export function inParts(
  texts: readonly string[],
  maxTokens: number,
  maxParts: number,
): { parts: string[]; omitted: number } {
  const parts: string[][] = [];
  let room = 0;
  for (const text of texts.toReversed()) {
    const fitting = textTokens(text) > maxTokens ? keepHead(text, maxTokens * 2).text : text;
    const tokens = textTokens(fitting) + 1;
    if (tokens > room) {
      if (parts.length === maxParts) break;
      parts.unshift([]);
      room = maxTokens;
    }
    parts[0]!.unshift(fitting);
    room -= tokens;
  }
  const taken = parts.reduce((sum, part) => sum + part.length, 0);
  return { parts: parts.map((part) => part.join("\n\n")), omitted: texts.length - taken };
}
