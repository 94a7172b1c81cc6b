import { setImmediate as nextMacrotask } from "node:timers/promises";
import type { AssistantMessage, AssistantMessageEventStream, ToolCall } from "@earendil-works/pi-ai";
import type { Step } from "./engine/decide.ts";

/** Writes one step into the stream as any provider does: start, deltas, end, done. Never rejects. */
export async function pushStep(
  events: AssistantMessageEventStream,
  message: AssistantMessage,
  next: () => Step | Promise<Step>,
  options: { idPrefix: string; signal?: AbortSignal },
): Promise<void> {
  const { signal } = options;
  try {
    signal?.throwIfAborted();
    const step = await next();
    events.push({ type: "start", partial: message });
    if (step.kind === "say") await pushText(events, message, step.text, signal);
    else
      for (const [index, { name, arguments: args }] of step.calls.entries()) {
        await pause(signal);
        pushCall(events, message, { type: "toolCall", id: `${options.idPrefix}_${index}`, name, arguments: args });
      }
    const reason = step.kind === "say" ? "stop" : "toolUse";
    message.stopReason = reason;
    events.push({ type: "done", reason, message });
  } catch (error) {
    const reason = signal?.aborted ? "aborted" : "error";
    message.stopReason = reason;
    message.errorMessage =
      reason === "aborted"
        ? "The request was aborted."
        : `Offline mode failed: ${error instanceof Error ? error.message : String(error)}`;
    events.push({ type: "error", reason, error: message });
  }
}

async function pushText(
  events: AssistantMessageEventStream,
  message: AssistantMessage,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  const block = { type: "text" as const, text: "" };
  message.content.push(block);
  const contentIndex = message.content.length - 1;
  events.push({ type: "text_start", contentIndex, partial: message });
  for (const delta of text.match(/[\s\S]{1,40}(?:\s|$)|[\s\S]{1,40}/gu) ?? []) {
    await pause(signal);
    block.text += delta;
    events.push({ type: "text_delta", contentIndex, delta, partial: message });
  }
  events.push({ type: "text_end", contentIndex, content: text, partial: message });
}

function pushCall(events: AssistantMessageEventStream, message: AssistantMessage, toolCall: ToolCall): void {
  message.content.push(toolCall);
  const contentIndex = message.content.length - 1;
  events.push({ type: "toolcall_start", contentIndex, partial: message });
  events.push({ type: "toolcall_delta", contentIndex, delta: JSON.stringify(toolCall.arguments), partial: message });
  events.push({ type: "toolcall_end", contentIndex, toolCall, partial: message });
}

/** Lets the reader take what is there, and an abort arrive. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await nextMacrotask();
  signal?.throwIfAborted();
}
