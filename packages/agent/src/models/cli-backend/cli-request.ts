import type { Message, TranscriptContext } from "@earendil-works/pi-ai";
import type { ReadyCliBackend } from "./cli-backend.ts";

/** What the program has to be told. */
export interface CliRequest {
  prompt: string;
  images: { data: string; mimeType: string }[];
  /** The program's own session that goes on. */
  resume?: string;
}

/** Newest part of a history that is handed over when the program does not know it yet. */
const MAX_HISTORY_CHARS = 60_000;

/**
 * What a program has not heard yet. Its answers carry its session id, so a session goes on from its last answer with
 * what came since, and begins anew, with the history as text, when there is none in the conversation.
 */
export function cliRequest({ messages }: TranscriptContext, backend: ReadyCliBackend): CliRequest {
  const talk = messages.filter((message) => message.role === "user" || message.role === "assistant");
  const named =
    backend.sessionMode !== "none" && Boolean(backend.sessionArg || backend.sessionArgs || backend.resumeArgs);
  const last = named
    ? talk.findLastIndex((one) => one.role === "assistant" && one.provider === backend.name && one.responseId)
    : -1;
  const answered = talk[last];
  const news = talk.slice(last + 1);
  const images = news.flatMap((message) =>
    typeof message.content === "string" ? [] : message.content.filter((block) => block.type === "image"),
  );
  return {
    prompt: promptOf(news),
    images,
    ...(answered?.role === "assistant" && answered.responseId ? { resume: answered.responseId } : {}),
  };
}

function promptOf(talk: readonly Message[]): string {
  const firstNew = talk.findLastIndex((message) => message.role === "assistant") + 1;
  const news = talk.slice(firstNew).map(textOf).join("\n\n");
  const history = talk
    .slice(0, firstNew)
    .map((message) => `${message.role === "user" ? "User" : "Assistant"}: ${textOf(message)}`)
    .join("\n\n");
  if (history === "") return news;
  const kept = history.length > MAX_HISTORY_CHARS ? `[…]${history.slice(-MAX_HISTORY_CHARS)}` : history;
  return `The conversation so far:\n\n${kept}\n\nAnswer this message:\n\n${news}`;
}

function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}
