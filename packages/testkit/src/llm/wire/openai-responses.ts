import { errorType } from "./openai-completions.ts";
import { frame, list, stringOf, textOf, type Wire } from "./wire.ts";

/** POST /v1/responses, streamed. */
export const openaiResponses: Wire = {
  name: "openai-responses",
  matches: (path) => path.endsWith("/responses"),
  read(body) {
    const all = list(body["input"]);
    const items = all.filter(({ role }) => role !== "system" && role !== "developer");
    const lastOurs = items.findLastIndex(({ type, role }) => type === "function_call" || role === "assistant");
    return {
      model: stringOf(body["model"]),
      system: [
        stringOf(body["instructions"]),
        ...all.flatMap((item) => (items.includes(item) ? [] : [textOf(item.content)])),
      ].join("\n"),
      lastUserText: textOf(items.findLast(({ role }) => role === "user")?.content),
      toolResults: items
        .slice(lastOurs + 1)
        .filter(({ type }) => type === "function_call_output")
        .map((item) => ({ id: String(item["call_id"]), text: textOf(item["output"]) })),
      tools: list(body["tools"]).map((tool) => String(tool["name"])),
      messageCount: items.length,
    };
  },
  writer(model) {
    let sequence = 0;
    let index = -1;
    let textOpen = false;
    let text = "";
    const output: unknown[] = [];
    const id = `resp_${crypto.randomUUID()}`;
    const send = (type: string, data: Record<string, unknown>) =>
      frame({ type, sequence_number: sequence++, ...data }, type);
    const message = () => ({
      type: "message",
      id: `msg_${index}`,
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text, annotations: [] }],
    });
    const closeText = () => {
      if (!textOpen) return "";
      textOpen = false;
      const item = message();
      output.push(item);
      const at = { item_id: item.id, output_index: index, content_index: 0 };
      return (
        send("response.output_text.done", { ...at, text }) +
        send("response.content_part.done", { ...at, part: item.content[0] }) +
        send("response.output_item.done", { output_index: index, item })
      );
    };
    return {
      begin: () =>
        send("response.created", { response: { id, object: "response", status: "in_progress", model, output: [] } }),
      thinking(delta) {
        index++;
        const item = { type: "reasoning", id: `rs_${index}`, summary: [{ type: "summary_text", text: delta }] };
        output.push(item);
        const at = { item_id: item.id, output_index: index, summary_index: 0 };
        return (
          send("response.output_item.added", { output_index: index, item: { ...item, summary: [] } }) +
          send("response.reasoning_summary_part.added", { ...at, part: { type: "summary_text", text: "" } }) +
          send("response.reasoning_summary_text.delta", { ...at, delta }) +
          send("response.reasoning_summary_part.done", { ...at, part: item.summary[0] }) +
          send("response.output_item.done", { output_index: index, item })
        );
      },
      text(delta) {
        let opening = "";
        if (!textOpen) {
          index++;
          textOpen = true;
          text = "";
          const item = { ...message(), status: "in_progress", content: [] };
          opening =
            send("response.output_item.added", { output_index: index, item }) +
            send("response.content_part.added", {
              item_id: item.id,
              output_index: index,
              content_index: 0,
              part: { type: "output_text", text: "", annotations: [] },
            });
        }
        text += delta;
        return (
          opening +
          send("response.output_text.delta", { item_id: `msg_${index}`, output_index: index, content_index: 0, delta })
        );
      },
      toolCall({ id: callId, name, json }) {
        const closing = closeText();
        index++;
        const item = {
          type: "function_call",
          id: `fc_${index}`,
          call_id: callId,
          name,
          arguments: json,
          status: "completed",
        };
        output.push(item);
        return (
          closing +
          send("response.output_item.added", {
            output_index: index,
            item: { ...item, arguments: "", status: "in_progress" },
          }) +
          send("response.function_call_arguments.delta", { item_id: item.id, output_index: index, delta: json }) +
          send("response.function_call_arguments.done", { item_id: item.id, output_index: index, arguments: json }) +
          send("response.output_item.done", { output_index: index, item })
        );
      },
      end({ stop, usage }) {
        const closing = closeText();
        const incomplete = stop === "length";
        const type = incomplete ? "response.incomplete" : "response.completed";
        return (
          closing +
          send(type, {
            response: {
              id,
              object: "response",
              status: incomplete ? "incomplete" : "completed",
              ...(incomplete ? { incomplete_details: { reason: "max_output_tokens" } } : {}),
              model,
              output,
              usage: {
                input_tokens: usage.input + usage.cacheRead,
                input_tokens_details: { cached_tokens: usage.cacheRead },
                output_tokens: usage.output,
                output_tokens_details: { reasoning_tokens: 0 },
                total_tokens: usage.input + usage.cacheRead + usage.output,
              },
            },
          })
        );
      },
    };
  },
  errorBody: (status, message) => ({
    error: { message, type: errorType(status), code: status === 402 ? "insufficient_quota" : null },
  }),
};
