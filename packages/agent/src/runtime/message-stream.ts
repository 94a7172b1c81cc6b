import type { Api, AssistantMessage, AssistantMessageEvent, Model, ToolCall } from "@earendil-works/pi-ai";
import { safeDetail } from "./failure.ts";

/** What pi's loop reads: events, then the message. */
export interface MessageStream extends AsyncIterable<AssistantMessageEvent> {
  result(): Promise<AssistantMessage>;
}

/** Ends with an exception when the signal fires, whether or not the source notices it. */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const aborted = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new Error("aborted"));
    if (signal.aborted) fail();
    signal.addEventListener("abort", fail, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // A source that is stuck would never settle this; nobody waits for it.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

/** Turns a generator into what pi reads: the terminal event decides the result, an abort ends it at once. */
export function toMessageStream(
  placeholder: Model<Api>,
  signal: AbortSignal,
  run: () => AsyncGenerator<AssistantMessageEvent, void>,
): MessageStream {
  let settle: ((message: AssistantMessage) => void) | undefined;
  const result = new Promise<AssistantMessage>((resolve) => (settle = resolve));
  async function* events(): AsyncGenerator<AssistantMessageEvent> {
    let partial: AssistantMessage | undefined;
    try {
      for await (const event of untilAborted(run(), signal)) {
        if (event.type === "done") settle?.(repairToolCalls(event.message));
        else if (event.type === "error") settle?.(withoutToolCalls(event.error));
        else partial = event.partial;
        yield event;
        if (event.type === "done" || event.type === "error") return;
      }
      const ended = errorMessage(placeholder, partial, "stream ended without an answer", "error");
      settle?.(ended);
      yield { type: "error", reason: "error", error: ended };
    } catch (error) {
      const reason = signal.aborted ? "aborted" : "error";
      const message = errorMessage(
        placeholder,
        partial,
        error instanceof Error ? error.message : String(error),
        reason,
      );
      settle?.(message);
      yield { type: "error", reason, error: message };
    }
  }
  return { [Symbol.asyncIterator]: events, result: () => result };
}

/** The message of a call that did not end well, with what had been said. */
export function errorMessage(
  model: Model<Api>,
  partial: AssistantMessage | undefined,
  text: string,
  stopReason: "error" | "aborted",
): AssistantMessage {
  return withoutToolCalls({
    role: "assistant",
    api: partial?.api ?? model.api,
    provider: partial?.provider ?? model.provider,
    model: partial?.model ?? model.id,
    content: partial?.content ?? [],
    usage: partial?.usage ?? EMPTY_USAGE,
    stopReason,
    errorMessage: safeDetail(text),
    timestamp: Date.now(),
  });
}

const EMPTY_USAGE: AssistantMessage["usage"] = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};

/** A call in a message that broke off was never run and may be cut in half: it must not be in the history. */
function withoutToolCalls(message: AssistantMessage): AssistantMessage {
  return {
    ...message,
    content: message.content.filter((block) => block.type !== "toolCall"),
    ...(message.errorMessage ? { errorMessage: safeDetail(message.errorMessage) } : {}),
  };
}

/** Results are paired with calls by id. Models leave ids out or use one twice; the history must not. */
function repairToolCalls(message: AssistantMessage): AssistantMessage {
  const seen = new Set<string>();
  for (const block of message.content) {
    if (block.type !== "toolCall") continue;
    const call: ToolCall = block;
    if (!call.id || seen.has(call.id)) call.id = `call_${crypto.randomUUID().slice(0, 8)}`;
    if (typeof call.arguments !== "object" || call.arguments === null || Array.isArray(call.arguments))
      call.arguments = {};
    seen.add(call.id);
  }
  return message;
}
