import type { AgentMessage } from "@earendil-works/pi-agent-core";
import type { AssistantMessage } from "@earendil-works/pi-ai";
import type { StoredMessage } from "@openclaw/core/sessions";

type Block = AssistantMessage["content"][number];

/**
 * Stored messages as pi's adapters need them. Transcripts hold more than model answers: injected and mirrored messages
 * without usage, answers that broke off, calls that were never run. What a person saw of a broken answer stays, as text;
 * its calls and their results go, and so does a broken answer at the very end, which is about to be given again.
 */
export function toPiMessages(stored: readonly StoredMessage[]): AgentMessage[] {
  const last = stored.findLastIndex((message) => !isBroken(message));
  const calls = new Set<unknown>();
  const out: unknown[] = [];
  for (const message of stored.slice(0, last + 1)) {
    const timestamp = typeof message.timestamp === "number" ? message.timestamp : 0;
    if (message.role === "assistant") {
      const answer = assistantMessage(message, timestamp);
      for (const block of answer.content) if (block.type === "toolCall") calls.add(block.id);
      if (answer.content.length > 0) out.push(answer);
    } else if (message.role === "toolResult") {
      const content = Array.isArray(message.content) ? message.content : [];
      if (calls.has(message["toolCallId"])) out.push({ isError: false, toolName: "", ...message, content, timestamp });
    } else if (message.role === "user") {
      out.push({ ...message, timestamp });
    }
  }
  return out as AgentMessage[];
}

export function isBroken(message: StoredMessage): boolean {
  const reason = message["stopReason"];
  return message.role === "assistant" && (reason === "error" || reason === "aborted");
}

function assistantMessage(message: StoredMessage, timestamp: number): AssistantMessage {
  const text = (name: string, other: string) => (typeof message[name] === "string" ? message[name] : other);
  const content = (Array.isArray(message.content) ? message.content : []) as Block[];
  const usage = (message["usage"] ?? {}) as Partial<AssistantMessage["usage"]>;
  const stopReason = message["stopReason"];
  return {
    ...message,
    role: "assistant",
    // Thinking of a broken answer lacks its signature; providers refuse it.
    content: isBroken(message) ? content.filter((block) => block.type === "text" && block.text !== "") : content,
    api: text("api", "unknown"),
    provider: text("provider", "openclaw"),
    model: text("model", "unknown"),
    usage: {
      ...usage,
      input: usage.input ?? 0,
      output: usage.output ?? 0,
      cacheRead: usage.cacheRead ?? 0,
      cacheWrite: usage.cacheWrite ?? 0,
      totalTokens: usage.totalTokens ?? 0,
      cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0, ...usage.cost },
    },
    stopReason: stopReason === "toolUse" || stopReason === "length" ? stopReason : "stop",
    timestamp,
  };
}
