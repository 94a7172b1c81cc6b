import { expect, test } from "vitest";
import { RequestRefused } from "../gateway/link.ts";
import type { GatewayLink, LinkStatus } from "../gateway/link.ts";
import { createStore } from "../store/store.ts";
import { createConversation } from "./conversation.ts";
import type { Outgoing } from "./model.ts";

type Answer = (params: Record<string, unknown>) => unknown;

/** A link that answers from a table and writes down what it was asked. */
function scripted(answers: Record<string, Answer>) {
  const asked: { method: string; params: Record<string, unknown> }[] = [];
  const link: GatewayLink = {
    status: createStore<LinkStatus>({ phase: "signed-out" }),
    async request(method, params) {
      asked.push({ method, params });
      return answers[method]?.(params);
    },
    onEvent: () => () => undefined,
    onStale: () => () => undefined,
    start: () => undefined,
    signIn: () => undefined,
    signOut: () => undefined,
    retryNow: () => undefined,
  };
  const sent = () => asked.filter(({ method }) => method === "chat.send").map(({ params }) => params.idempotencyKey);
  return { link, asked, sent };
}

const keys = () => {
  let count = 0;
  return () => `k${(count += 1)}`;
};
const noOutbox = { load: () => [], save: () => undefined, clear: () => undefined };
const settled = () => new Promise((resolve) => setImmediate(resolve));
const history = () => ({ sessionId: "s1", messages: [] });
const final = (runId: string) => ({
  runId,
  state: "final",
  message: { role: "assistant", content: [{ type: "text", text: "done" }], timestamp: 2 },
});

test("a lost answer is asked for again under the same key, a refused one waits for the person", async () => {
  let outcome: Answer = () => {
    throw new Error("connection lost");
  };
  const { link, sent } = scripted({ "chat.history": history, "chat.send": (params) => outcome(params) });
  const conversation = createConversation({ sessionKey: "s", link, outbox: noOutbox, newKey: keys(), now: () => 1 });
  conversation.send("hello", []);
  await settled();
  expect(conversation.state.get().outgoing[0]?.status).toBe("sending");

  outcome = () => {
    throw new RequestRefused("INVALID_REQUEST", "no");
  };
  conversation.resync();
  await settled();
  expect(conversation.state.get().outgoing[0]).toMatchObject({ status: "failed", error: "no" });
  conversation.resync();
  await settled();
  expect(sent()).toEqual(["k1", "k1"]);
});

test("a message that was finished while nobody listened is not shown as running", async () => {
  const { link } = scripted({ "chat.history": history, "chat.send": () => ({ status: "ok" }) });
  const waiting: Outgoing = { key: "old", text: "hello", images: [], at: 1, status: "sending" };
  const outbox = { ...noOutbox, load: () => [waiting] };
  const conversation = createConversation({ sessionKey: "s", link, outbox, newKey: keys(), now: () => 1 });
  conversation.resync();
  await settled();
  await settled();
  expect(conversation.state.get()).toMatchObject({ outgoing: [], runs: [] });
});

test("a message that joined another's turn is asked after when that one ends, and the queue goes on", async () => {
  const outcomes: Record<string, string> = { k1: "started", k2: "started" };
  const { link, sent } = scripted({
    "chat.history": history,
    "chat.send": ({ idempotencyKey }) => ({ status: outcomes[String(idempotencyKey)] }),
  });
  const conversation = createConversation({ sessionKey: "s", link, outbox: noOutbox, newKey: keys(), now: () => 1 });
  conversation.send("first", []);
  await settled();
  conversation.send("second", []);
  expect(sent()).toEqual(["k1"]);
  // The gateway answers the first together with a turn that another client began.
  outcomes.k1 = "ok";
  conversation.receive("chat", final("other"));
  await settled();
  await settled();
  await settled();
  expect(sent()).toEqual(["k1", "k1", "k2"]);
});

test("a history that says there may be more is read further back on request", async () => {
  const { link, asked } = scripted({
    "chat.history": ({ limit }) => ({
      sessionId: "s1",
      messages: Array.from({ length: Math.min(Number(limit), 350) }, (_, index) => ({
        role: "user",
        content: `m${index}`,
        timestamp: index,
      })),
    }),
  });
  const conversation = createConversation({ sessionKey: "s", link, outbox: noOutbox });
  conversation.reload();
  await settled();
  expect(conversation.state.get().hasEarlier).toBe(true);
  conversation.readEarlier();
  await settled();
  expect(conversation.state.get().hasEarlier).toBe(false);
  expect(conversation.state.get().history).toHaveLength(350);
  expect(asked.map(({ params }) => params.limit)).toEqual([200, 1_000]);
});
