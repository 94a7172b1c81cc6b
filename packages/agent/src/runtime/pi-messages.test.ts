import { say, type WireName } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture } from "../../test/agent-fixture.ts";
import { createMemoryTranscript } from "./memory-transcript.ts";
import { toPiMessages } from "./pi-messages.ts";

const user = (text: string) => ({ role: "user", content: [{ type: "text", text }], timestamp: 1 });
const call = (id: string) => ({ type: "toolCall", id, name: "read", arguments: {} });
const result = (toolCallId: string) => ({
  role: "toolResult",
  toolCallId,
  toolName: "read",
  content: [{ type: "text", text: "r" }],
  isError: false,
});

const roles = (messages: ReturnType<typeof toPiMessages>) => messages.map((message) => message.role);

test("what a person saw of a broken answer stays as text, its calls and their results go", () => {
  const messages = toPiMessages([
    user("one"),
    {
      role: "assistant",
      content: [{ type: "thinking", thinking: "hm" }, { type: "text", text: "half" }, call("a")],
      stopReason: "error",
    },
    result("a"),
    { role: "assistant", content: [call("b")], stopReason: "aborted" },
    result("b"),
    user("two"),
  ]);
  expect(roles(messages)).toEqual(["user", "assistant", "user"]);
  expect(messages[1]).toMatchObject({ content: [{ type: "text", text: "half" }], stopReason: "stop" });
});

test("a broken answer at the end is about to be given again and is left out", () => {
  const messages = toPiMessages([
    user("one"),
    { role: "assistant", content: [{ type: "text", text: "half" }], stopReason: "error" },
  ]);
  expect(roles(messages)).toEqual(["user"]);
});

test("finished calls keep their results", () => {
  const messages = toPiMessages([
    user("one"),
    { role: "assistant", content: [call("a")], stopReason: "toolUse" },
    result("a"),
  ]);
  expect(roles(messages)).toEqual(["user", "assistant", "toolResult"]);
});

for (const api of [
  "openai-completions",
  "openai-responses",
  "anthropic-messages",
  "google-generative-ai",
] satisfies WireName[]) {
  test(`${api}: a history of injected, mirrored and broken messages is accepted and read`, async () => {
    await using fixture = await createAgentFixture();
    const transcript = createMemoryTranscript();
    transcript.appendMessage(user("first"));
    transcript.appendMessage({
      role: "assistant",
      content: [{ type: "text", text: "[label]\n\ninjected" }],
      stopReason: "injected",
      usage: { input: 0, output: 0, totalTokens: 0 },
    });
    transcript.appendMessage({
      role: "assistant",
      content: [{ type: "text", text: "mirrored" }],
      provider: "openclaw",
      model: "delivery-mirror",
    });
    transcript.appendMessage({
      role: "assistant",
      content: [{ type: "text", text: "broken off" }, call("x")],
      stopReason: "error",
      errorMessage: "boom",
    });
    fixture.llm.enqueue(say("fine"));
    const turn = await fixture.agent({ api }).run({ message: { text: "second" }, transcript }).result;
    expect(turn.payloads).toEqual([{ text: "fine" }]);
    const body = JSON.stringify(fixture.llm.calls()[0]?.body);
    for (const text of ["first", "injected", "mirrored", "broken off", "second"]) expect(body).toContain(text);
  });
}
