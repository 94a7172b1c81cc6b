import { frame, list, stringOf, textOf, type Wire } from "./wire.ts";

/** POST /v1/chat/completions, streamed. */
export const openaiCompletions: Wire = {
  name: "openai-completions",
  matches: (path) => path.endsWith("/chat/completions"),
  read(body) {
    const all = list(body["messages"]);
    const messages = all.filter(({ role }) => role !== "system" && role !== "developer");
    const lastAssistant = messages.findLastIndex(({ role }) => role === "assistant");
    return {
      model: stringOf(body["model"]),
      system: all.flatMap((message) => (messages.includes(message) ? [] : [textOf(message.content)])).join("\n"),
      lastUserText: textOf(messages.findLast(({ role }) => role === "user")?.content),
      toolResults: messages
        .slice(lastAssistant + 1)
        .filter(({ role }) => role === "tool")
        .map((message) => ({ id: String(message["tool_call_id"]), text: textOf(message.content) })),
      tools: list(body["tools"]).map((tool) => String((tool["function"] as { name?: unknown } | undefined)?.name)),
      messageCount: messages.length,
    };
  },
  writer(model) {
    let calls = 0;
    const base = { id: `chatcmpl-${crypto.randomUUID()}`, object: "chat.completion.chunk", created: 1, model };
    const chunk = (delta: unknown, finish: string | null = null) =>
      frame({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] });
    return {
      begin: () => chunk({ role: "assistant", content: "" }),
      thinking: (delta) => chunk({ reasoning_content: delta }),
      text: (delta) => chunk({ content: delta }),
      toolCall({ id, name, json }) {
        const index = calls++;
        const half = Math.ceil(json.length / 2);
        return (
          chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: json.slice(0, half) } }] }) +
          chunk({ tool_calls: [{ index, function: { arguments: json.slice(half) } }] })
        );
      },
      end({ stop, usage }) {
        const reason = { stop: "stop", length: "length", tool: "tool_calls" }[stop];
        const totals = {
          prompt_tokens: usage.input + usage.cacheRead,
          completion_tokens: usage.output,
          total_tokens: usage.input + usage.cacheRead + usage.output,
          prompt_tokens_details: { cached_tokens: usage.cacheRead },
        };
        return `${chunk({}, reason)}${frame({ ...base, choices: [], usage: totals })}data: [DONE]\n\n`;
      },
    };
  },
  errorBody: (status, message) => ({
    error: { message, type: errorType(status), code: status === 402 ? "insufficient_quota" : null },
  }),
};

export function errorType(status: number): string {
  const types: Record<number, string> = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
  };
  return types[status] ?? "api_error";
}
