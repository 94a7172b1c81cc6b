import { errorType } from "./openai-completions.ts";
import { frame, list, stringOf, textOf, type AnswerWriter, type Wire } from "./wire.ts";

const send = (type: string, data: Record<string, unknown>) => frame({ type, ...data }, type);

/** POST /v1/messages, streamed. */
export const anthropicMessages: Wire = {
  name: "anthropic-messages",
  matches: (path) => path.endsWith("/v1/messages"),
  read(body) {
    const messages = list(body["messages"]);
    const last = messages.at(-1);
    return {
      model: stringOf(body["model"]),
      system: textOf(body["system"]),
      lastUserText: textOf(
        messages.findLast(({ role, content }) => role === "user" && textOf(content) !== "")?.content,
      ),
      toolResults: (last?.role === "user" ? list(last.content) : [])
        .filter(({ type }) => type === "tool_result")
        .map((part) => ({ id: String(part["tool_use_id"]), text: textOf(part.content) })),
      tools: list(body["tools"]).map((tool) => String(tool["name"])),
      messageCount: messages.length,
    };
  },
  writer(model): AnswerWriter {
    let index = -1;
    let open: "text" | "thinking" | undefined;
    const close = () => {
      if (!open) return "";
      open = undefined;
      return send("content_block_stop", { index });
    };
    const block = (kind: "text" | "thinking", content: unknown) => {
      if (open === kind) return "";
      const closing = close();
      open = kind;
      return closing + send("content_block_start", { index: ++index, content_block: content });
    };
    return {
      begin: () =>
        send("message_start", {
          message: {
            id: `msg_${crypto.randomUUID()}`,
            type: "message",
            role: "assistant",
            model,
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage: { input_tokens: 1, output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
          },
        }),
      thinking: (delta) =>
        block("thinking", { type: "thinking", thinking: "", signature: "" }) +
        send("content_block_delta", { index, delta: { type: "thinking_delta", thinking: delta } }) +
        send("content_block_delta", { index, delta: { type: "signature_delta", signature: "signed" } }),
      text: (delta) =>
        block("text", { type: "text", text: "" }) +
        send("content_block_delta", { index, delta: { type: "text_delta", text: delta } }),
      toolCall({ id, name, json }) {
        return (
          close() +
          send("content_block_start", { index: ++index, content_block: { type: "tool_use", id, name, input: {} } }) +
          send("content_block_delta", { index, delta: { type: "input_json_delta", partial_json: json } }) +
          send("content_block_stop", { index })
        );
      },
      end({ stop, usage }) {
        const reason = { stop: "end_turn", length: "max_tokens", tool: "tool_use" }[stop];
        return (
          close() +
          send("message_delta", {
            delta: { stop_reason: reason, stop_sequence: null },
            usage: {
              input_tokens: usage.input,
              output_tokens: usage.output,
              cache_read_input_tokens: usage.cacheRead,
              cache_creation_input_tokens: 0,
            },
          }) +
          send("message_stop", {})
        );
      },
    };
  },
  errorBody: (status, message) => ({ type: "error", error: { type: errorType(status), message } }),
};
