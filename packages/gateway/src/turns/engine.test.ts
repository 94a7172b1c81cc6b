import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { DEFAULT_QUEUE, type QueueSettings } from "@openclaw/core/reply";
import { openTranscript } from "@openclaw/core/sessions";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HeldTurn, createFakeAgent } from "../../test/fake-agent.ts";
import { createDeliverer } from "../delivery/deliverer.ts";
import { type Store, openStore } from "../store/store.ts";
import type { TurnRequest } from "../store/turns.ts";
import { type TurnEngine, createTurnEngine } from "./engine.ts";

let dir: string;
let store: Store;
let clock: ReturnType<typeof createFakeClock>;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "engine-"));
  clock = createFakeClock();
  store = openStore(join(dir, "openclaw.sqlite"));
});
afterEach(() => {
  store.database.close();
  rmSync(dir, { recursive: true });
});

/** A process: an engine with its agent over the test's store. */
function setup(concurrency = 4): { engine: TurnEngine; turns: HeldTurn[]; ends: string[] } {
  const { agent, turns } = createFakeAgent();
  const ends: string[] = [];
  const note =
    (state: string) =>
    ({ runId }: { runId: string }) =>
      void ends.push(`${runId} ${state}`);
  const deliverer = createDeliverer({
    outbox: store.outbox,
    clock,
    log: silentLog,
    sender: () => undefined,
    onUnknown: () => "report",
    settled: () => {},
  });
  const engine = createTurnEngine({
    store,
    deliverer,
    clock,
    log: silentLog,
    agents: {
      get: async () => agent,
      borrow: async () => ({ agent, release: () => {} }),
      reset: () => {},
      close: async () => {},
    },
    sessions: {
      open: ({ sessionKey }) => ({
        transcript: openTranscript({
          path: join(dir, `${sessionKey.replaceAll(":", "_")}.jsonl`),
          sessionId: "s",
          cwd: dir,
          clock,
        }),
      }),
      note: () => "s",
    },
    broadcast: { event: () => {}, final: note("final"), aborted: note("aborted"), error: note("error") },
    concurrency: () => concurrency,
    progress: () => {},
    shape: async ({ runId, route }, { payloads }) => ({
      text: payloads[0]?.text,
      rows: route ? [{ turnId: runId, seq: 0, ...route, purpose: "reply", message: { text: payloads[0]?.text } }] : [],
    }),
  });
  return { engine, turns, ends };
}

const request = (runId: string, rest: Partial<TurnRequest> = {}): TurnRequest => ({
  runId,
  sessionKey: "agent:main:main",
  displayKey: "main",
  agentId: "main",
  source: "channel",
  text: `text of ${runId}`,
  body: `text of ${runId}`,
  route: { channel: "telegram", account: "default", target: "1" },
  origin: { provider: "telegram", chatType: "direct" },
  ...rest,
});
const queue = (mode: QueueSettings["mode"], rest: Partial<QueueSettings> = {}): QueueSettings => ({
  ...DEFAULT_QUEUE,
  mode,
  ...rest,
});
/** Lets everything that does not wait for the clock happen. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}
const replies = () => store.outbox.open().map(({ message }) => message.text);

test("the answer and the end of its turn come into being together", async () => {
  const { engine, turns, ends } = setup();
  expect(engine.submit(request("one"))).toEqual({ status: "started" });
  await quiet();
  expect(store.turns.get("one")?.state).toBe("running");
  await turns[0]?.finish("the answer");
  expect(store.turns.get("one")?.state).toBe("ok");
  expect(replies()).toEqual(["the answer"]);
  expect(ends).toEqual(["one final"]);
});

test("collect: what comes while a turn runs is answered together, after a moment of quiet", async () => {
  const { engine, turns } = setup();
  for (const id of ["one", "two", "three"]) engine.submit(request(id), queue("collect"));
  await quiet();
  await turns[0]?.finish("first");
  await clock.advance(999);
  expect(turns).toHaveLength(1);
  await clock.advance(1);
  await quiet();
  expect(turns[1]?.input.message?.text).toBe(
    "[Queued messages while agent was busy]\n\n---\nQueued #1\ntext of two\n\n---\nQueued #2\ntext of three",
  );
  await turns[1]?.finish("second");
  expect(store.turns.open()).toEqual([]);
});

test("collect: messages of different chats are not answered together", async () => {
  const { engine, turns } = setup();
  engine.submit(request("one"), queue("collect"));
  engine.submit(request("two"), queue("collect"));
  engine.submit(
    request("three", { route: { channel: "telegram", account: "default", target: "2" } }),
    queue("collect"),
  );
  await quiet();
  await turns[0]?.finish("first");
  await clock.advance(1_000);
  await quiet();
  expect(turns[1]?.input.message?.text).toBe("text of two");
});

test("followup: each message is a turn of its own", async () => {
  const { engine, turns } = setup();
  for (const id of ["one", "two", "three"]) engine.submit(request(id), queue("followup", { debounceMs: 0 }));
  await quiet();
  await turns[0]?.finish("1");
  await quiet();
  await turns[1]?.finish("2");
  await quiet();
  expect(turns.map(({ input }) => input.message?.text)).toEqual(["text of one", "text of two", "text of three"]);
});

test("steer: the running turn gets the message, and answering it ends both", async () => {
  const { engine, turns } = setup();
  engine.submit(request("one"), queue("steer"));
  await quiet();
  expect(engine.submit(request("two"), queue("steer"))).toEqual({ status: "steered" });
  expect(turns[0]?.steered).toEqual(["text of two"]);
  await turns[0]?.finish("both");
  await quiet();
  expect(turns).toHaveLength(1);
  expect(store.turns.get("two")?.state).toBe("ok");
});

test("steer: what the turn no longer read is asked afterwards", async () => {
  const { engine, turns } = setup();
  engine.submit(request("one"), queue("steer"));
  await quiet();
  engine.submit(request("two"), queue("steer"));
  await turns[0]?.finish("only the first", { unread: ["text of two"] });
  await quiet();
  expect(turns[1]?.input.message?.text).toBe("text of two");
});

test("interrupt: the running turn is stopped, the new message goes on", async () => {
  const { engine, turns, ends } = setup();
  engine.submit(request("one"), queue("interrupt"));
  await quiet();
  engine.submit(request("two"), queue("interrupt", { debounceMs: 0 }));
  await quiet();
  expect(ends).toEqual(["one aborted"]);
  expect(turns[1]?.input.message?.text).toBe("text of two");
});

test.each([
  ["new", ["two", "three"], "text of two"],
  ["old", ["three", "four"], "text of three"],
] as const)("a full queue drops %s messages", async (drop, kept, first) => {
  const { engine, turns } = setup();
  engine.submit(request("one"), queue("followup"));
  await quiet();
  for (const id of ["two", "three", "four"])
    engine.submit(request(id), queue("followup", { cap: 2, drop, debounceMs: 0 }));
  const waiting = store.turns.open().filter(({ state }) => state === "queued");
  expect(waiting.map(({ request: { runId } }) => runId)).toEqual(kept);
  await turns[0]?.finish("1");
  await quiet();
  expect(turns[1]?.input.message?.text).toBe(first);
});

test("a full queue tells the model what it dropped, when it summarises", async () => {
  const { engine, turns } = setup();
  engine.submit(request("one"), queue("collect"));
  await quiet();
  for (const id of ["two", "three", "four"]) engine.submit(request(id), queue("collect", { cap: 2, debounceMs: 0 }));
  await turns[0]?.finish("1");
  await quiet();
  expect(turns[1]?.input.message?.text).toContain("[Queue overflow] Dropped 1 message:\n- text of two");
});

test("stopping ends the running turn, the steered message and the queue", async () => {
  const { engine, turns, ends } = setup();
  engine.submit(request("one"), queue("steer"));
  await quiet();
  engine.submit(request("two"), queue("steer"));
  engine.submit(request("three"), queue("followup"));
  expect(engine.abort("agent:main:main", { reason: "stop" })).toEqual(["three", "one"]);
  await quiet();
  expect(ends).toEqual(["three aborted", "one aborted"]);
  expect(store.turns.open()).toEqual([]);
  expect(turns).toHaveLength(1);
});

test("after a crash the interrupted turn goes on from its transcript, and the queue is kept", async () => {
  const before = setup();
  before.engine.submit(request("one"), queue("collect"));
  before.engine.submit(request("two"), queue("collect"));
  await quiet();
  // The process is gone; another one opens the same store.
  const after = setup();
  after.engine.recover();
  await quiet();
  expect(after.turns[0]?.input.message).toBeUndefined();
  await after.turns[0]?.finish("resumed");
  await quiet();
  expect(after.turns[1]?.input.message?.text).toBe("text of two");
});

test("after a crash a steered message that was read is not asked again", async () => {
  const before = setup();
  before.engine.submit(request("one"), queue("steer"));
  await quiet();
  before.engine.submit(request("two"), queue("steer"));
  before.turns[0]?.input.transcript?.appendMessage({ role: "user", content: "text of two" });
  const after = setup();
  after.engine.recover();
  await quiet();
  await after.turns[0]?.finish("resumed");
  await quiet();
  expect(after.turns).toHaveLength(1);
  expect(store.turns.open()).toEqual([]);
});

test("a turn that brings the process down again and again waits longer each time, and is given up with a notice", async () => {
  const waits: number[] = [];
  for (let crash = 0; crash < 8; crash++) {
    const { engine, turns } = setup();
    if (crash === 0) engine.submit(request("one"));
    else engine.recover();
    await quiet();
    const from = clock.now();
    while (turns.length === 0) {
      await clock.advance(1_000);
      await quiet();
    }
    waits.push((clock.now() - from) / 1_000);
  }
  expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32]);
  const { engine, turns } = setup();
  engine.recover();
  await quiet();
  expect(turns).toEqual([]);
  expect(store.turns.get("one")?.state).toBe("error");
  expect(replies()[0]).toContain("interrupted several times");
});

test("the cap counts each chat by itself: people who share a session do not push each other out", async () => {
  const { engine } = setup();
  const other = { route: { channel: "telegram", account: "default", target: "2" } };
  engine.submit(request("one"), queue("collect"));
  await quiet();
  engine.submit(request("two"), queue("collect", { cap: 1 }));
  engine.submit(request("theirs", other), queue("collect", { cap: 1 }));
  const waiting = store.turns.open().filter(({ state }) => state === "queued");
  expect(waiting.map(({ request: { runId, dropped } }) => ({ runId, dropped }))).toEqual([
    { runId: "two" },
    { runId: "theirs" },
  ]);
});

test("a turn that comes after another session's waits for its end, also across processes", async () => {
  const { engine, turns } = setup();
  engine.submit(request("one", { sessionKey: "agent:one:main" }));
  engine.submit(request("two", { sessionKey: "agent:two:main", after: "one" }));
  await quiet();
  expect(turns.map(({ input }) => input.runId)).toEqual(["one"]);

  const next = setup();
  next.engine.recover();
  await quiet();
  expect(next.turns.map(({ input }) => input.runId)).toEqual(["one"]);
  await next.turns[0]?.finish("done");
  await quiet();
  expect(next.turns.map(({ input }) => input.runId)).toEqual(["one", "two"]);
});

test("a turn that waits for another's end can be stopped", async () => {
  const { engine, turns, ends } = setup();
  engine.submit(request("one", { sessionKey: "agent:one:main" }));
  engine.submit(request("two", { sessionKey: "agent:two:main", after: "one" }));
  await quiet();
  expect(engine.abort("agent:two:main", { reason: "stop" })).toEqual(["two"]);
  await turns[0]?.finish("done");
  await quiet();
  expect(turns).toHaveLength(1);
  expect(ends).toContain("two aborted");
});
