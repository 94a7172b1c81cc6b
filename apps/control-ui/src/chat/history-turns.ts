import { isRecord } from "../wire/narrow.ts";
import type { Part, ToolCall, Turn } from "./model.ts";
import { readParts, resultText } from "./read-message.ts";

/**
 * Turns of a `chat.history` answer: every assistant message between two of the person's becomes one turn, and tool
 * results go to the calls they answer.
 */
export function turnsFromHistory(messages: readonly unknown[]): Turn[] {
  const turns: Turn[] = [];
  const calls = new Map<string, ToolCall>();
  for (const message of messages) {
    if (!isRecord(message)) continue;
    if (message.role === "user") addUser(turns, message);
    else if (message.role === "assistant") addAssistant(turns, message, calls);
    else if (message.role === "toolResult") addResult(message, calls);
  }
  return turns.filter((turn) => turn.parts.length > 0 || turn.error !== undefined || turn.stopped);
}

function addUser(turns: Turn[], message: Record<string, unknown>): void {
  turns.push({
    id: idFor("user", message, turns),
    role: "user",
    at: timeOf(message),
    parts: readParts(message.content),
  });
}

function addAssistant(turns: Turn[], message: Record<string, unknown>, calls: Map<string, ToolCall>): void {
  const last = turns.at(-1);
  // Injected texts are the gateway's own (answers to commands, notes), not the end of the model's turn.
  const joins = last?.role === "assistant" && message.stopReason !== "injected";
  const turn: Turn = joins
    ? last
    : { id: idFor("assistant", message, turns), role: "assistant", at: timeOf(message), parts: [] };
  if (turn !== last) turns.push(turn);

  const parts: Part[] = readParts(message.content);
  for (const part of parts) if (part.kind === "tool") calls.set(part.call.id, part.call);
  turn.parts.push(...parts);
  if (typeof message.provider === "string") turn.provider = message.provider;
  if (typeof message.model === "string") turn.model = message.model;
  turn.stopped = message.stopReason === "aborted";
  turn.error = message.stopReason === "error" ? failure(message) : undefined;
}

function failure(message: Record<string, unknown>): string {
  return typeof message.errorMessage === "string" && message.errorMessage !== ""
    ? message.errorMessage
    : "The model did not answer.";
}

function addResult(message: Record<string, unknown>, calls: Map<string, ToolCall>): void {
  const call = calls.get(String(message.toolCallId));
  if (!call) return;
  call.state = message.isError === true ? "failed" : "done";
  call.result = resultText(message.content);
}

function timeOf(message: Record<string, unknown>): number {
  return typeof message.timestamp === "number" ? message.timestamp : 0;
}

/** Messages have no ids on the wire; role and time name one unless two fall on the same millisecond. */
function idFor(role: string, message: Record<string, unknown>, turns: readonly Turn[]): string {
  const base = `${role}-${timeOf(message)}`;
  return turns.some((turn) => turn.id === base) ? `${base}-${turns.length}` : base;
}
