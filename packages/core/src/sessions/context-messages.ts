import { isObject } from "./plain-object.ts";
import type { StoredMessage, TranscriptEntry } from "./transcript-types.ts";

/** What stands in for the result of a tool call that was never answered, e.g. because the process was killed. */
export const MISSING_TOOL_RESULT = "No result: the run was interrupted before this tool call finished.";

/**
 * The model's view of a branch: entries become messages of the roles `user`, `assistant` and `toolResult` only, and
 * each tool call is followed by exactly one result. Missing results are made up as errors, stray ones left out.
 */
export function contextMessages(branch: readonly TranscriptEntry[]): StoredMessage[] {
  return pairToolResults(branch.flatMap((entry) => toMessage(entry) ?? []));
}

function toMessage(entry: TranscriptEntry): StoredMessage | undefined {
  switch (entry.type) {
    case "message":
      return entry.message && fromStored(entry.message);
    case "custom_message":
      return userMessage(entry["content"], entry);
    case "compaction":
      return userMessage(`[Summary of the conversation so far]\n\n${textOf(entry["summary"])}`, entry);
    case "branch_summary":
      return userMessage(`[Summary of another branch of this conversation]\n\n${textOf(entry["summary"])}`, entry);
    default:
      return undefined;
  }
}

function fromStored(message: StoredMessage): StoredMessage | undefined {
  switch (message.role) {
    case "user":
    case "toolResult":
      return message;
    case "assistant":
      return Array.isArray(message.content) ? message : { ...message, content: textBlocks(message.content) };
    case "custom":
      return { role: "user", content: message.content, timestamp: message.timestamp };
    case "bashExecution": {
      if (message["excludeFromContext"] === true) return undefined;
      const code =
        typeof message["exitCode"] === "number" && message["exitCode"] !== 0
          ? `\n\nExit code ${message["exitCode"]}`
          : "";
      const text = `The user ran \`${textOf(message["command"])}\`:\n\n${textOf(message["output"])}${code}`;
      return { role: "user", content: text, timestamp: message.timestamp };
    }
    default:
      return undefined;
  }
}

/** Puts exactly one result behind each tool call: missing ones are made up as errors, stray ones left out. */
export function pairToolResults(messages: readonly StoredMessage[]): StoredMessage[] {
  const out: StoredMessage[] = [];
  /** Open tool calls: id to the place in `out` that waits for the result. */
  const open = new Map<string, number>();
  for (const message of messages) {
    if (message.role === "toolResult") {
      const id = textOf(message["toolCallId"]);
      const place = open.get(id);
      if (place === undefined) continue;
      out[place] = message;
      open.delete(id);
      continue;
    }
    out.push(message);
    if (message.role !== "assistant") continue;
    for (const call of toolCalls(message)) {
      open.set(call.id, out.length);
      out.push({
        role: "toolResult",
        toolCallId: call.id,
        toolName: call.name,
        content: [{ type: "text", text: MISSING_TOOL_RESULT }],
        isError: true,
        timestamp: message.timestamp,
      });
    }
  }
  return out;
}

function toolCalls(message: StoredMessage): { id: string; name: string }[] {
  if (!Array.isArray(message.content)) return [];
  const blocks: unknown[] = message.content;
  return blocks.flatMap((block) =>
    isObject(block) && block["type"] === "toolCall" && typeof block["id"] === "string"
      ? [{ id: block["id"], name: textOf(block["name"]) }]
      : [],
  );
}

function userMessage(content: unknown, entry: TranscriptEntry): StoredMessage {
  const time = Date.parse(entry.timestamp);
  return {
    role: "user",
    content: typeof content === "string" || Array.isArray(content) ? content : "",
    ...(Number.isNaN(time) ? {} : { timestamp: time }),
  };
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
const textBlocks = (content: unknown) =>
  typeof content === "string" && content !== "" ? [{ type: "text", text: content }] : [];
