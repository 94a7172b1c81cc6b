import type { AgentEvent } from "@openclaw/agent";
import { createFakeClock } from "@openclaw/testkit";
import { expect, test } from "vitest";
import type { TurnRequest } from "../store/turns.ts";
import { toolLine, toolOutput } from "./tool-line.ts";
import { createTurnCommentary } from "./turn-commentary.ts";

const request: TurnRequest = {
  runId: "run",
  sessionKey: "agent:main:main",
  displayKey: "main",
  agentId: "main",
  source: "channel",
  text: "x",
  body: "x",
  route: { channel: "telegram", account: "default", target: "1" },
  origin: { provider: "telegram", chatType: "direct" },
};
const start = (name: string, args: unknown): AgentEvent => ({
  stream: "tool",
  data: { phase: "start", name, toolCallId: name, args },
});
const result = (text: string): AgentEvent => ({
  stream: "tool",
  data: {
    phase: "result",
    name: "exec",
    toolCallId: "1",
    isError: false,
    result: { content: [{ type: "text", text }] },
  },
});
const thinking = (text: string): AgentEvent => ({ stream: "thinking", data: { text, delta: text } });
const answer = (text: string): AgentEvent => ({ stream: "assistant", data: { text, delta: text } });
const end: AgentEvent = { stream: "lifecycle", data: { phase: "end", endedAt: 1 } };

function setup(levels: Record<string, string>) {
  const clock = createFakeClock();
  const sent: string[] = [];
  const drafts: string[] = [];
  const commentary = createTurnCommentary({
    entry: () => ({ sessionId: "s", updatedAt: 0, ...levels }),
    config: () => ({}),
    channels: { find: () => undefined },
    deliverer: {
      enqueue(rows) {
        sent.push(...rows.map(({ message }) => message.text ?? ""));
        return [];
      },
    },
    clock,
    draft: (_request, text) => void drafts.push(text),
  });
  return {
    clock,
    sent,
    drafts,
    commentary,
    hear: (...events: AgentEvent[]) => events.forEach((event) => commentary.hear(request, event)),
  };
}

test("verbose on names the tools, quick ones in one message, before the answer", async () => {
  const { hear, sent, clock } = setup({ verboseLevel: "on" });
  hear(start("exec", { command: "ls  -la" }), start("read", { path: "a.md" }), result("hidden"));
  expect(sent).toEqual([]);
  await clock.advance(2_000);
  expect(sent).toEqual(["🛠️ exec: `ls -la`\n🛠️ read: `a.md`"]);
  hear(start("web_fetch", { url: "https://example.org" }), end);
  expect(sent).toEqual([expect.any(String), "🛠️ web_fetch: `https://example.org`"]);
});

test("verbose full shows what they printed", () => {
  const { hear, sent } = setup({ verboseLevel: "full" });
  hear(start("exec", { command: "ls" }), result("one\ntwo"), end);
  expect(sent).toEqual(["🛠️ exec: `ls`\n```\none\ntwo\n```"]);
});

test("reasoning on sends it as one message before the answer, unless the answer is silence", () => {
  const { hear, sent } = setup({ reasoningLevel: "on" });
  hear(
    thinking("First"),
    thinking("First I look."),
    start("exec", {}),
    thinking("Then I"),
    thinking("Then I answer."),
    answer("Done"),
    end,
  );
  expect(sent).toEqual(["Reasoning:\nFirst I look.\n\nThen I answer."]);
  const silent = setup({ reasoningLevel: "on" });
  silent.hear(thinking("Nothing to say."), answer("NO_REPLY"), end);
  expect(silent.sent).toEqual([]);
});

test("reasoning stream shows it in the draft until the answer begins, and leaves no message", () => {
  const { hear, sent, drafts } = setup({ reasoningLevel: "stream" });
  hear(thinking("Hm"), thinking("Hmm"), answer("Yes"), thinking("Hmm and"), end);
  expect(drafts).toEqual(["Reasoning:\nHm", "Reasoning:\nHmm"]);
  expect(sent).toEqual([]);
});

test("nothing is shown by default, nor tools in groups, nor anything of a turn that was stopped", async () => {
  const off = setup({});
  off.hear(start("exec", {}), thinking("x"), end);
  expect(off.sent).toEqual([]);
  const group = setup({ verboseLevel: "full" });
  for (const event of [start("exec", {}), end])
    group.commentary.hear({ ...request, origin: { provider: "telegram", chatType: "group" } }, event);
  expect(group.sent).toEqual([]);
  const stopped = setup({ verboseLevel: "on" });
  stopped.hear(start("exec", {}));
  stopped.commentary.forget("run");
  await stopped.clock.advance(10_000);
  expect(stopped.sent).toEqual([]);
});

test("what a message asks for itself wins over the session", () => {
  const { commentary, sent } = setup({ verboseLevel: "on" });
  for (const event of [start("exec", {}), end]) commentary.hear({ ...request, levels: { verbose: "off" } }, event);
  expect(sent).toEqual([]);
});

test("output cannot break out of its block, and long words are cut", () => {
  expect(toolOutput({ content: [{ type: "text", text: "```\nescape\n```" }] }, false)).toBe(
    "````\n```\nescape\n```\n````",
  );
  expect(toolOutput(undefined, true)).toBe("⚠️ failed");
  expect(toolLine("exec", { command: `echo \`${"x".repeat(500)}` }).length).toBeLessThan(150);
  expect(toolLine("agents_list", {})).toBe("🛠️ agents_list");
});
