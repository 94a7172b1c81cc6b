import type { Static } from "typebox";
import { anything, flag, int, list, oneOf, open, optional, strict, string, text, time } from "./building-blocks.ts";

/** Newest `limit` messages of a session, oldest first. */
export const ChatHistoryParams = strict({ sessionKey: text(), limit: optional(int(1, 1000)) });
export type ChatHistoryParams = Static<typeof ChatHistoryParams>;

/** Starts a turn. `idempotencyKey` is the run id; sending it again reports the run instead of starting another. */
export const ChatSendParams = strict({
  sessionKey: text(),
  /** May be empty when there are attachments. */
  message: string(),
  thinking: optional(string()),
  /** Also send the reply to the session's channel. */
  deliver: optional(flag()),
  /** Items `{type, mimeType, content: <base64>}`. */
  attachments: optional(list(anything())),
  timeoutMs: optional(int(0)),
  idempotencyKey: text(),
});
export type ChatSendParams = Static<typeof ChatSendParams>;

/** Without `runId`: every run of the session. */
export const ChatAbortParams = strict({ sessionKey: text(), runId: optional(text()) });
export type ChatAbortParams = Static<typeof ChatAbortParams>;

/** Writes an assistant message into a transcript without running the model. */
export const ChatInjectParams = strict({
  sessionKey: text(),
  message: text(),
  label: optional(string({ maxLength: 100 })),
});
export type ChatInjectParams = Static<typeof ChatInjectParams>;

/** One part of a message: text, thinking, toolCall (`id`, `name`, `arguments`) or image. */
export const ChatContentPart = open({
  type: text(),
  text: optional(string()),
  thinking: optional(string()),
  id: optional(string()),
  name: optional(string()),
  arguments: optional(anything()),
  data: optional(string()),
  mimeType: optional(string()),
});
export type ChatContentPart = Static<typeof ChatContentPart>;

/** A transcript message as clients see it: user text without the timestamp prefix that the model gets. */
export const ChatMessage = open({
  role: oneOf(["user", "assistant", "toolResult"]),
  content: list(ChatContentPart),
  timestamp: optional(time()),
  api: optional(string()),
  provider: optional(string()),
  model: optional(string()),
  usage: optional(anything()),
  stopReason: optional(string()),
  errorMessage: optional(string()),
  toolCallId: optional(string()),
  toolName: optional(string()),
  isError: optional(flag()),
  details: optional(anything()),
});
export type ChatMessage = Static<typeof ChatMessage>;

export const ChatHistoryResult = open({
  /** As the caller wrote it. */
  sessionKey: text(),
  /** Absent for a session that does not exist; `messages` is empty then. */
  sessionId: optional(text()),
  messages: list(ChatMessage),
  thinkingLevel: optional(string()),
});
export type ChatHistoryResult = Static<typeof ChatHistoryResult>;

/** A started or known run, or what a stop word (`/stop`) did instead. */
export const ChatSendResult = open({
  runId: optional(text()),
  status: optional(oneOf(["started", "in_flight", "ok", "error"])),
  ok: optional(flag()),
  aborted: optional(flag()),
  runIds: optional(list(text())),
});
export type ChatSendResult = Static<typeof ChatSendResult>;

export const ChatAbortResult = open({ ok: flag(), aborted: flag(), runIds: list(text()) });
export type ChatAbortResult = Static<typeof ChatAbortResult>;

export const ChatInjectResult = open({ ok: flag(), messageId: text() });
export type ChatInjectResult = Static<typeof ChatInjectResult>;

/**
 * Payload of event `chat`. A delta's message holds the whole text so far. A final without message had no visible text.
 * `stopReason` of an aborted run is "rpc" or "stop".
 */
export const ChatEvent = open({
  runId: text(),
  sessionKey: text(),
  seq: int(0),
  state: oneOf(["delta", "final", "aborted", "error"]),
  message: optional(ChatMessage),
  errorMessage: optional(string()),
  usage: optional(anything()),
  stopReason: optional(string()),
});
export type ChatEvent = Static<typeof ChatEvent>;
