import type { AssistantMessage, Message, ToolCall, ToolResultMessage, UserMessage } from "@earendil-works/pi-ai";
import type { ToolOutcome } from "./rule.ts";

export const offlineProviderId = "offline";

/** One batch of calls that this provider made, with what came back. */
export interface Batch {
  at: number;
  calls: readonly ToolCall[];
  outcomes: ToolOutcome[];
}

/** A turn of the transcript: what the person said, and the answer if there is one yet. */
export interface PastTurn {
  /** Raw texts; more than one when the person wrote again while the turn was running. */
  said: string[];
  batches: Batch[];
  /** Text of the final message. Absent for the running turn and for aborted ones. */
  answered?: string;
}

/** Splits the transcript at its final answers. The last turn is the running one. */
export function splitTurns(messages: readonly Message[]): PastTurn[] {
  const turns: PastTurn[] = [];
  let open: PastTurn = { said: [], batches: [] };
  const results = new Map<string, ToolResultMessage>();
  for (const message of messages) if (message.role === "toolResult") results.set(message.toolCallId, message);

  for (const message of messages) {
    if (message.role === "user") {
      // Two messages in a row: the first was never acted upon (the turn failed or was stopped), and must not be now.
      if (open.batches.length === 0) open.said = [];
      open.said.push(textOf(message));
    } else if (message.role === "assistant") {
      const calls = message.content.filter((block) => block.type === "toolCall");
      if (message.stopReason === "toolUse" && calls.length > 0) {
        if (message.provider === offlineProviderId) open.batches.push(batchOf(message, calls, results));
        continue;
      }
      const done = message.stopReason !== "aborted" && message.stopReason !== "error";
      turns.push(done ? { ...open, answered: assistantText(message) } : open);
      open = { said: [], batches: [] };
    }
  }
  return [...turns, open];
}

/** True when an answer of this provider already stands in the transcript. */
export function hasIntroduced(messages: readonly Message[]): boolean {
  return messages.some(
    (message) =>
      message.role === "assistant" && message.provider === offlineProviderId && message.stopReason === "stop",
  );
}

function batchOf(message: AssistantMessage, calls: ToolCall[], results: ReadonlyMap<string, ToolResultMessage>): Batch {
  return {
    at: message.timestamp,
    calls,
    outcomes: calls.map((call) => {
      const result = results.get(call.id);
      return {
        name: call.name,
        text: result ? resultText(result) : "The call was interrupted.",
        isError: result?.isError ?? true,
      };
    }),
  };
}

function resultText(result: ToolResultMessage): string {
  return result.content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
}

function textOf(message: UserMessage): string {
  if (typeof message.content === "string") return message.content;
  return message.content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
}

function assistantText(message: AssistantMessage): string {
  return message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
}
