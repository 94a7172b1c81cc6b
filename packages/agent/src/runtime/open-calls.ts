import type { Transcript } from "@openclaw/core/sessions";
import type { Tool, ToolResult } from "@openclaw/plugin-sdk/tool";

interface OpenCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

/** Tool calls of the newest assistant message that nobody answered: the turn was cut off while they ran. */
function openCalls(transcript: Transcript): OpenCall[] {
  const messages = transcript.branch().flatMap((entry) => (entry.message ? [entry.message] : []));
  const last = messages.findLastIndex((message) => message.role === "assistant");
  const content = messages[last]?.content;
  if (!Array.isArray(content)) return [];
  const answered = new Set(messages.slice(last + 1).map((message) => message["toolCallId"]));
  return content.filter(
    (block: { type?: string; id?: string }): block is OpenCall & { type: string } =>
      block.type === "toolCall" && !answered.has(block.id),
  );
}

export interface RepairOptions {
  transcript: Transcript;
  tools: readonly Tool[];
  /** Runs a call whose tool says that running it again does no harm. */
  rerun: (tool: Tool, call: { id: string; arguments: Record<string, unknown> }) => Promise<ToolResult>;
  /** Why the calls are open, as the model reads it. */
  note: string;
  now: () => number;
}

/** Answers every open call, so that the history is valid: again where that is safe, otherwise with `note`. */
export async function answerOpenCalls({ transcript, tools, rerun, note, now }: RepairOptions): Promise<void> {
  for (const call of openCalls(transcript)) {
    const tool = tools.find((candidate) => candidate.name === call.name);
    let result: ToolResult = { content: [{ type: "text", text: note }] };
    let isError = true;
    if (tool?.replay === "safe") {
      try {
        result = await rerun(tool, call);
        isError = false;
      } catch (error) {
        result = { content: [{ type: "text", text: error instanceof Error ? error.message : String(error) }] };
      }
    }
    transcript.appendMessage({
      role: "toolResult",
      toolCallId: call.id,
      toolName: call.name,
      content: result.content,
      details: result.details ?? {},
      isError,
      timestamp: now(),
    });
  }
}
