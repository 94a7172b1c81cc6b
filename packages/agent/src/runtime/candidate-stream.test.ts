import type { AssistantMessage, AssistantMessageEvent, Message } from "@earendil-works/pi-ai";
import { normalizeContext } from "@earendil-works/pi-ai/utils/transcript";
import { silentLog, systemClock } from "@openclaw/core";
import { expect, test } from "vitest";
import { offlineModel } from "../offline/model.ts";
import { createCandidateStreams } from "./candidate-stream.ts";

const message = (text: string, stopReason: "stop" | "error" = "stop"): AssistantMessage => ({
  role: "assistant",
  content: [{ type: "text", text }],
  api: "x",
  provider: "p",
  model: "m",
  usage: {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    totalTokens: 0,
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
  },
  stopReason,
  errorMessage: stopReason === "error" ? "500: boom sk-abcdefghijklmnop" : undefined,
  timestamp: 0,
});

const start: AssistantMessageEvent = { type: "start", partial: message("") };
const breaks: AssistantMessageEvent[] = [start, { type: "error", reason: "error", error: message("", "error") }];
const answers: AssistantMessageEvent[] = [
  start,
  { type: "text_delta", contentIndex: 0, delta: "hi", partial: message("hi") },
  { type: "done", reason: "stop", message: message("hi") },
];

async function run(scripts: AssistantMessageEvent[][]) {
  const attempts: string[] = [];
  const streams = createCandidateStreams({
    candidates: scripts.map((events, index) => ({
      provider: "p",
      model: `m${index}`,
      prepare: () =>
        Promise.resolve({
          model: offlineModel,
          options: {},
          stream: async function* () {
            yield* events;
          },
        }),
    })),
    clock: systemClock,
    log: silentLog,
    idleTimeoutMs: 1000,
    fetch,
    onAttempt: ({ model, error }) => attempts.push(error ? `${model} failed` : `${model} ok`),
    onFallback() {},
  });
  const messages: Message[] = [{ role: "user", content: "hi", timestamp: 0 }];
  const stream = await streams.stream(offlineModel, normalizeContext({ messages }), {});
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  return { types, attempts, result: await stream.result(), failures: streams.failures };
}

test("the reader sees one start, whoever goes on with the message", async () => {
  const { types, attempts, result } = await run([breaks, breaks, answers]);
  expect(types).toEqual(["start", "text_delta", "done"]);
  expect(attempts).toEqual(["m0 failed", "m1 failed", "m2 ok"]);
  expect(result.content).toEqual([{ type: "text", text: "hi" }]);
});

test("a stream that ends without an end is a failure, and keys never get into it", async () => {
  const { types, failures, result } = await run([[start, answers[1]!]]);
  expect(types).toEqual(["start", "text_delta", "error"]);
  expect(failures).toHaveLength(1);
  expect(result).toMatchObject({ stopReason: "error", content: [{ text: "hi" }] });
  const key = await run([[...answers.slice(0, 2), breaks[1]!]]);
  expect(JSON.stringify(key)).not.toContain("sk-abcdefghijklmnop");
});
