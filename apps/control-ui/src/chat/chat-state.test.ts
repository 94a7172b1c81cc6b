import { describe, expect, test } from "vitest";
import { emptyChat, isBusy, nextQueued, reduceChat } from "./chat-state.ts";
import type { ChatAction } from "./chat-state.ts";
import { turnsFromHistory } from "./history-turns.ts";
import type { ChatState, Outgoing } from "./model.ts";
import { textOf } from "./model.ts";
import { buildTimeline } from "./timeline.ts";

const agent = (stream: string, data: Record<string, unknown>, runId = "r1"): ChatAction => ({
  type: "agent",
  event: { runId, stream, data },
  at: 1_000,
});
const started = agent("lifecycle", { phase: "start", startedAt: 1_000 });
const assistant = (text: string) => agent("assistant", { text });
const tool = (data: Record<string, unknown>) => agent("tool", { name: "read", toolCallId: "c1", ...data });
const message = (text: string) => ({ role: "assistant", content: [{ type: "text", text }], timestamp: 1_500 });
const chat = (state: "delta" | "final" | "aborted" | "error", text?: string, runId = "r1"): ChatAction => ({
  type: "chat",
  event: { runId, state, message: text === undefined ? undefined : message(text) },
  at: 1_500,
});
const outgoing = (key: string, text: string, status: Outgoing["status"] = "accepted"): ChatAction => ({
  type: "submit",
  message: { key, text, images: [], at: 900, status },
});
const user = (text: string, timestamp = 950) => ({ role: "user", content: [{ type: "text", text }], timestamp });
const history = (messages: unknown[], asOf: number, sessionId = "s1"): ChatAction => ({
  type: "history",
  turns: turnsFromHistory(messages),
  hasEarlier: false,
  sessionId,
  asOf,
});
const run = (actions: ChatAction[], from: ChatState = emptyChat) => actions.reduce(reduceChat, from);
const shown = (state: ChatState) => buildTimeline(state).map(({ turn }) => `${turn.role}: ${textOf(turn.parts)}`);

describe("a streamed answer", () => {
  test("grows with cumulative text and is not repeated", () => {
    const state = run([
      started,
      assistant("Hel"),
      assistant("Hello"),
      chat("delta", "Hello"),
      assistant("Hello there"),
    ]);
    expect(shown(state)).toEqual(["assistant: Hello there"]);
    expect(isBusy(state)).toBe(true);
  });

  test("works from chat deltas alone", () => {
    expect(shown(run([chat("delta", "Hel"), chat("delta", "Hello"), chat("final", "Hello!")]))).toEqual([
      "assistant: Hello!",
    ]);
  });

  test.each([
    ["of the message", "I read it."],
    ["of the whole run", "Let me look.\n\nI read it."],
  ])("keeps text before a tool call in front of it when the stream counts text %s", (_, second) => {
    const state = run([
      started,
      assistant("Let me look."),
      tool({ phase: "start", args: { path: "a.txt" } }),
      tool({ phase: "result", isError: false, result: { content: [{ type: "text", text: "contents" }] } }),
      assistant(second),
      chat("final", second),
    ]);
    const parts = state.runs[0]?.parts ?? [];
    expect(parts.map((part) => part.kind)).toEqual(["text", "tool", "text"]);
    expect(parts[2]).toEqual({ kind: "text", text: "I read it." });
    expect(parts[1]).toMatchObject({
      call: { name: "read", state: "done", result: "contents", args: { path: "a.txt" } },
    });
  });

  test("shows the final message where it differs from what was streamed", () => {
    expect(shown(run([started, assistant("[[reply]] Yes"), chat("final", "Yes")]))).toEqual(["assistant: Yes"]);
  });

  test("ends with its tools: none keeps spinning", () => {
    const state = run([started, tool({ phase: "start", args: {} }), chat("aborted")]);
    expect(state.runs[0]).toMatchObject({ state: "stopped", parts: [{ call: { state: "unknown" } }] });
    expect(isBusy(state)).toBe(false);
  });

  test("says why it failed", () => {
    const failed: ChatAction = {
      type: "chat",
      event: { runId: "r1", state: "error", errorMessage: "No credit left." },
      at: 1,
    };
    expect(buildTimeline(run([started, failed]))[0]?.turn.error).toBe("No credit left.");
  });

  test("takes nothing more after its end", () => {
    expect(shown(run([started, chat("final", "Done"), assistant("ghost")]))).toEqual(["assistant: Done"]);
  });
});

describe("history", () => {
  test("joins an assistant's messages and tool results into one turn", () => {
    const turns = turnsFromHistory([
      user("What is in a.txt?"),
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "I should look." },
          { type: "toolCall", id: "c1", name: "read", arguments: { path: "a.txt" } },
        ],
        timestamp: 960,
      },
      {
        role: "toolResult",
        toolCallId: "c1",
        toolName: "read",
        content: [{ type: "text", text: "no such file" }],
        isError: true,
      },
      { ...message("It is not there."), provider: "offline", model: "rules" },
    ]);
    expect(turns.map((turn) => turn.role)).toEqual(["user", "assistant"]);
    expect(turns[1]?.parts.map((part) => part.kind)).toEqual(["thinking", "tool", "text"]);
    expect(turns[1]?.parts[1]).toMatchObject({ call: { state: "failed", result: "no such file" } });
    expect(turns[1]?.provider).toBe("offline");
  });

  test("replaces the finished run and its question", () => {
    const done = run([outgoing("r1", "Hi"), started, assistant("Hello"), chat("final", "Hello")]);
    const state = reduceChat(done, history([user("Hi"), message("Hello")], done.revision));
    expect(shown(state)).toEqual(["user: Hi", "assistant: Hello"]);
    expect([state.runs, state.outgoing, state.extras]).toEqual([[], [], []]);
  });

  test("asked for before the end does not take the run away", () => {
    const asked = run([outgoing("r1", "Hi"), started]);
    const state = run([chat("final", "Hello"), history([user("Hi")], asked.revision)], asked);
    expect(shown(state)).toEqual(["user: Hi", "assistant: Hello"]);
    expect(state.extras).toEqual([]);
  });

  test("that comes late takes the place of what was kept meanwhile", () => {
    const done = run([outgoing("r1", "Hi"), started, assistant("Hello"), chat("final", "Hello")]);
    const early = reduceChat(done, history([user("Hi")], done.revision));
    expect(shown(early)).toEqual(["user: Hi", "assistant: Hello"]);
    expect(shown(reduceChat(early, history([user("Hi"), message("Hello")], early.revision)))).toEqual(shown(early));
  });

  test("read during a run shows neither the question nor the answer's beginning twice", () => {
    const state = run([
      outgoing("r1", "Hi"),
      started,
      assistant("Let me look."),
      tool({ phase: "start", args: {} }),
      history([user("Hi"), message("Let me look.")], 0),
    ]);
    expect(shown(state)).toEqual(["user: Hi", "assistant: Let me look."]);
  });

  test("leaves the answer to a command on the page, at its own time", () => {
    const done = run([outgoing("r1", "/status"), chat("final", "All well")]);
    const state = run(
      [
        history([], done.revision),
        history([user("later", 9_000), { ...message("reply"), timestamp: 9_001 }], done.revision),
      ],
      done,
    );
    expect(shown(state)).toEqual(["user: /status", "assistant: All well", "user: later", "assistant: reply"]);
  });

  test("of a new session id drops what was left of the old one", () => {
    const done = run([history([], 0, "s1"), outgoing("r1", "/status"), chat("final", "All well")]);
    const kept = reduceChat(done, history([], done.revision, "s1"));
    expect(shown(reduceChat(kept, history([], kept.revision, "s2")))).toEqual([]);
  });

  test("keeps a turn that was stopped before anything was stored", () => {
    const done = run([outgoing("r1", "Hi"), started, assistant("Hel"), chat("aborted")]);
    const state = reduceChat(done, history([user("Hi")], done.revision));
    expect(shown(state)).toEqual(["user: Hi", "assistant: Hel"]);
    expect(buildTimeline(state)[1]?.turn.stopped).toBe(true);
  });

  test("shows a failure in the words that were told, not in the provider's", () => {
    const stored = {
      role: "assistant",
      content: [],
      stopReason: "error",
      errorMessage: '401: {"code":null}',
      timestamp: 1_400,
    };
    const done = run([outgoing("r1", "Hi"), started, chat("final", "The key was refused. Set another.")]);
    const told = reduceChat(done, history([user("Hi"), stored], done.revision));
    expect(shown(told)).toEqual(["user: Hi", "assistant: "]);
    expect(buildTimeline(told)[1]?.turn.error).toBe("The key was refused. Set another.");
    const again = reduceChat(told, history([user("Hi"), stored], told.revision));
    expect(buildTimeline(again)[1]?.turn.error).toBe("The key was refused. Set another.");
    const anew = reduceChat(emptyChat, history([user("Hi"), stored], 0));
    expect(buildTimeline(anew)[1]?.turn.error).toBe('401: {"code":null}');
  });

  test("tells two equal messages apart", () => {
    const state = run([
      outgoing("a", "yes"),
      history([user("yes")], 0),
      outgoing("b", "yes", "sending"),
      history([user("yes")], 0),
    ]);
    expect(shown(state)).toEqual(["user: yes", "user: yes"]);
  });
});

describe("the queue", () => {
  test("sends the next message once nothing is running", () => {
    const busy = run([
      outgoing("r1", "one"),
      started,
      outgoing("q1", "two", "queued"),
      outgoing("q2", "three", "queued"),
    ]);
    expect(nextQueued(busy)).toBeUndefined();
    expect(nextQueued(reduceChat(busy, chat("final", "ok")))?.key).toBe("q1");
  });

  test("waits for the person after a stop", () => {
    const stopped = run([started, outgoing("q1", "two", "queued"), { type: "pause" }, chat("aborted")]);
    expect(nextQueued(stopped)).toBeUndefined();
    expect(nextQueued(reduceChat(stopped, { type: "resume" }))?.key).toBe("q1");
  });

  test("is shown after what is being answered", () => {
    const state = run([outgoing("r1", "one"), outgoing("q1", "two", "queued"), started, assistant("answer")]);
    expect(shown(state)).toEqual(["user: one", "assistant: answer", "user: two"]);
  });
});

test("a run whose end was missed leaves its place to the history", () => {
  const state = run([outgoing("r1", "Hi"), started, assistant("Hel"), { type: "settle", key: "r1" }]);
  expect(isBusy(state)).toBe(false);
  expect(shown(reduceChat(state, history([user("Hi"), message("Hello")], state.revision)))).toEqual([
    "user: Hi",
    "assistant: Hello",
  ]);
});
