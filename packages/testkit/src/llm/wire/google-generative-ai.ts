import { frame, list, stringOf, textOf, type Wire } from "./wire.ts";

/** POST /v1beta/models/<model>:streamGenerateContent?alt=sse */
export const googleGenerativeAi: Wire = {
  name: "google-generative-ai",
  matches: (path) => path.includes(":streamGenerateContent"),
  read(body, path) {
    const contents = list(body["contents"]);
    const parts = (content: (typeof contents)[number] | undefined) => list(content?.["parts"]);
    const last = contents.at(-1);
    const system = body["systemInstruction"] as { parts?: unknown } | undefined;
    return {
      model: /models\/([^:]+):/.exec(path)?.[1] ?? "",
      system: textOf(system?.parts),
      lastUserText: textOf(
        contents.findLast((content) => content.role === "user" && textOf(content["parts"]) !== "")?.["parts"],
      ),
      toolResults: parts(last).flatMap((part) => {
        const response = part["functionResponse"] as
          | { id?: unknown; name?: unknown; response?: Record<string, unknown> }
          | undefined;
        if (!response) return [];
        const output = response.response?.["output"] ?? response.response?.["error"];
        return [{ id: String(response.id ?? response.name), text: stringOf(output) }];
      }),
      tools: list(body["tools"]).flatMap((tool) =>
        list(tool["functionDeclarations"]).map((declared) => String(declared["name"])),
      ),
      messageCount: contents.length,
    };
  },
  writer(model) {
    const responseId = crypto.randomUUID();
    const chunk = (parts: unknown[], rest: Record<string, unknown> = {}, finishReason?: string) =>
      frame({
        candidates: [{ index: 0, content: { role: "model", parts }, ...(finishReason ? { finishReason } : {}) }],
        modelVersion: model,
        responseId,
        ...rest,
      });
    return {
      begin: () => "",
      thinking: (delta) => chunk([{ text: delta, thought: true }]),
      text: (delta) => chunk([{ text: delta }]),
      toolCall({ id, name, json }) {
        let args: unknown;
        try {
          args = JSON.parse(json);
        } catch {
          args = { broken: json };
        }
        return chunk([{ functionCall: { id, name, args } }]);
      },
      end: ({ stop, usage }) =>
        chunk(
          [],
          {
            usageMetadata: {
              promptTokenCount: usage.input + usage.cacheRead,
              cachedContentTokenCount: usage.cacheRead,
              candidatesTokenCount: usage.output,
              totalTokenCount: usage.input + usage.cacheRead + usage.output,
            },
          },
          stop === "length" ? "MAX_TOKENS" : "STOP",
        ),
    };
  },
  errorBody: (status, message, headers) => ({
    error: {
      code: status,
      message,
      status: status === 401 ? "UNAUTHENTICATED" : "ERROR",
      // This API tells the wait in the body, not in a header.
      ...(headers?.["retry-after"]
        ? {
            details: [
              { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${headers["retry-after"]}s` },
            ],
          }
        : {}),
    },
  }),
};
