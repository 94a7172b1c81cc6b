import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decideTool } from "@openclaw/agent";
import { DEFAULT_QUEUE } from "@openclaw/core/reply";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CrossAgentRoom, crossAgentRoom, question, quiet } from "../../test/cross-agent-room.ts";
import { type Store, openStore } from "../store/store.ts";

const MAIN = "agent:main:main";
let dir: string;
let store: Store;
const rooms: CrossAgentRoom[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "subagents-"));
  store = openStore(join(dir, "openclaw.sqlite"));
});
afterEach(async () => {
  for (const { crossAgent, sessions } of rooms.splice(0)) {
    await crossAgent.stop();
    await sessions.close();
  }
  store.database.close();
  rmSync(dir, { recursive: true });
});

function setup(config: Record<string, unknown> = {}): CrossAgentRoom {
  const room = crossAgentRoom({ dir, store, config, now: rooms.at(-1)?.clock.now() });
  rooms.push(room);
  return room;
}

/** A person asks, and the main session hands a task on while its turn runs. */
async function spawned(
  room: CrossAgentRoom,
  order: Record<string, unknown> = {},
): Promise<{ child: string; runId: string }> {
  room.engine.submit(question("asked"));
  await quiet();
  const { childSessionKey, runId } = await room.call("sessions_spawn", {
    task: "count the files",
    label: "counting",
    ...order,
  });
  await quiet();
  return { child: String(childSessionKey), runId: String(runId) };
}

const replies = () => store.outbox.open().map(({ target, message }) => `${target}: ${message.text}`);
const runsFile = () =>
  JSON.parse(readFileSync(join(dir, "subagents", "runs.json"), "utf8")) as {
    version: number;
    runs: Record<string, Record<string, unknown>>;
  };
const policyOf = (room: CrossAgentRoom, key: string, tool: string) =>
  decideTool({
    tool,
    origin: "builtin",
    provider: "p",
    model: "m",
    tools: {},
    agentTools: {},
    agentId: "main",
    further: room.of(key)[0]?.input.toolPolicy,
  }).allowed;

test("a task runs beside the conversation, and its result is told where the question came from", async () => {
  const room = setup();
  const { child, runId } = await spawned(room);
  expect(child).toMatch(/^agent:main:subagent:[0-9a-f-]{36}$/);
  await room.of(MAIN)[0]?.finish("I am on it.");
  expect(room.of(child)[0]?.input).toMatchObject({ message: { text: "count the files" }, promptMode: "minimal" });
  await room.of(child)[0]?.finish("There are 12 files.");
  await room.clock.advance(1_000);
  await quiet();
  const told = room.of(MAIN)[1]?.input.message?.text ?? "";
  expect(told).toContain('[Sub-agent "counting" finished]');
  expect(told).toContain("There are 12 files.");
  expect(told).toMatch(/Stats: 0s · 1 tokens in, 1 out · fake\/fake · session agent:main:subagent/);
  await room.of(MAIN)[1]?.finish("Twelve, as it turns out.");
  await quiet();
  expect(replies()).toEqual(["1: I am on it.", "1: Twelve, as it turns out."]);
  expect(room.ends).toEqual(["main final", `${child} final`, "main final"]);
  expect(store.subagents.get(runId)).toMatchObject({ outcome: { status: "ok" }, cleanupHandled: true });
});

test("the requester may keep the result to itself", async () => {
  const room = setup();
  const { child } = await spawned(room);
  await room.of(MAIN)[0]?.finish("I am on it.");
  await room.of(child)[0]?.finish("Nothing new.");
  await quiet();
  await room.of(MAIN)[1]?.finish("NO_REPLY");
  await quiet();
  expect(replies()).toEqual(["1: I am on it."]);
});

test("a sub-agent has no conversation tools, and what the configuration takes away besides", async () => {
  const room = setup({ tools: { subagents: { tools: { deny: ["exec"] } } } });
  const { child } = await spawned(room);
  expect(
    ["sessions_spawn", "session_status", "memory_search", "cron", "exec"].filter((tool) => policyOf(room, child, tool)),
  ).toEqual([]);
  expect(policyOf(room, child, "read")).toBe(true);
  await expect(room.call("sessions_spawn", { task: "more" }, child)).rejects.toThrow("cannot start sub-agents");
  // Also when somebody writes to its session later.
  await room.of(child)[0]?.finish("done");
  room.engine.submit(question("later", { sessionKey: child, displayKey: child }));
  await room.of(MAIN)[0]?.finish("ok");
  await quiet();
  await room.of(MAIN)[1]?.finish("ok");
  await quiet();
  expect(room.of(child)[1]?.input).toMatchObject({
    promptMode: "minimal",
    extraSystemPrompt: expect.stringContaining("counting") as string,
  });
});

test("other agents are started only when allowed", async () => {
  const list = [
    { id: "main", subagents: { allowAgents: ["Research"] } },
    { id: "research" },
    { id: "family", subagents: { allowAgents: ["*"] } },
  ];
  const room = setup({ agents: { list } });
  expect((await spawned(room, { agentId: "research" })).child).toMatch(/^agent:research:subagent:/);
  await expect(room.call("sessions_spawn", { task: "x", agentId: "family" })).rejects.toThrow(
    "may not start sub-agents of family",
  );
  await expect(room.call("sessions_spawn", { task: "x", agentId: "nobody" }, "agent:family:main")).rejects.toThrow(
    "no agent nobody",
  );
  expect(await room.call("agents_list", {})).toMatchObject({
    requester: "main",
    allowAny: false,
    agents: [{ id: "main" }, { id: "research" }],
  });
  expect(await room.call("agents_list", {}, "agent:family:main")).toMatchObject({
    allowAny: true,
    agents: [{ id: "family" }, { id: "main" }, { id: "research" }],
  });
});

test.each([
  ["the call's model", { model: "any/thing" }, { defaults: { subagents: { model: "a/general" } } }, "fake/fake"],
  [
    "the agent's",
    {},
    {
      defaults: { subagents: { model: "a/general" } },
      list: [{ id: "main", subagents: { model: { primary: "a/own" }, thinking: "high" } }],
    },
    "a/own",
  ],
  ["the general one", {}, { defaults: { subagents: { model: "a/general" } } }, "a/general"],
  ["the requester's own", {}, {}, "theirs/model"],
])("model: %s", async (_name, order, agents, model) => {
  const room = setup({ agents });
  room.sessions.patch(MAIN, { providerOverride: "theirs", modelOverride: "model" });
  const { child } = await spawned(room, order);
  expect(room.of(child)[0]?.input.model).toBe(model);
  expect(room.of(child)[0]?.input.thinking).toBe("list" in agents ? "high" : undefined);
});

test("sub-agents have places of their own, as many as the configuration says", async () => {
  const room = setup();
  const first = await spawned(room);
  const second = await room.call("sessions_spawn", { task: "another" });
  await quiet();
  // The main place is taken by the turn that asked.
  expect(room.turns.map(({ input }) => input.sessionKey)).toEqual([MAIN, first.child]);
  await room.of(first.child)[0]?.finish("one");
  await quiet();
  expect(room.turns.at(-1)?.input.sessionKey).toBe(second.childSessionKey);
});

test("the result of a task that ran out of time says so", async () => {
  const room = setup();
  const { child, runId } = await spawned(room, { runTimeoutSeconds: 90 });
  await room.of(MAIN)[0]?.finish("ok");
  expect(room.of(child)[0]?.input.timeoutMs).toBe(90_000);
  await room.of(child)[0]?.finish("so far: 7", { status: "timeout" });
  await room.clock.advance(1_000);
  await quiet();
  expect(room.of(MAIN)[1]?.input.message?.text).toContain('"counting" ran out of time');
  expect(store.subagents.get(runId)?.outcome).toEqual({ status: "timeout" });
});

test("stopping the requester stops its sub-agents, running and waiting, and nobody hears of them", async () => {
  const room = setup();
  const { child } = await spawned(room);
  const waiting = String((await room.call("sessions_spawn", { task: "another" })).childSessionKey);
  room.engine.abort(MAIN, { reason: "stop" });
  await quiet();
  expect(room.ends.toSorted()).toEqual([`${child} aborted`, `${waiting} aborted`, "main aborted"].toSorted());
  expect(store.turns.open()).toEqual([]);
  expect(store.mail.all()).toEqual([]);
  expect(room.turns).toHaveLength(2);
});

test("a busy requester gets the result as its queue says: steered into the running turn", async () => {
  const room = setup({ messages: { queue: { mode: "steer" } } });
  const { child } = await spawned(room);
  await room.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  expect(room.of(MAIN)[0]?.steered[0]).toContain("There are 12 files.");
  expect(store.mail.all()).toHaveLength(1);
  await room.of(MAIN)[0]?.finish("Twelve.");
  await quiet();
  expect(room.of(MAIN)).toHaveLength(1);
  expect(store.mail.all()).toEqual([]);
  expect(replies()).toEqual(["1: Twelve."]);
});

test("a result is not steered into a turn that answers somebody else", async () => {
  const room = setup({ messages: { queue: { mode: "steer" } } });
  const { child } = await spawned(room);
  await room.of(MAIN)[0]?.finish("I am on it.");
  room.engine.submit(question("stranger", { route: { channel: "telegram", account: "default", target: "2" } }));
  await quiet();
  await room.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  expect(room.of(MAIN)[1]?.steered).toEqual([]);
  await room.of(MAIN)[1]?.finish("hello stranger");
  await room.clock.advance(1_000);
  await quiet();
  await room.of(MAIN)[2]?.finish("Twelve.");
  await quiet();
  expect(replies()).toEqual(["1: I am on it.", "2: hello stranger", "1: Twelve."]);
});

test("the cap of a full queue drops no result", async () => {
  const room = setup({ messages: { queue: { mode: "collect", cap: 1, drop: "new" } } });
  const { child } = await spawned(room);
  room.engine.submit(question("more"), { ...DEFAULT_QUEUE, cap: 1, drop: "new" });
  await room.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  await room.of(MAIN)[0]?.finish("1");
  await room.clock.advance(1_000);
  await quiet();
  const text = room.of(MAIN)[1]?.input.message?.text;
  expect(text).toContain("text of more");
  expect(text).toContain("There are 12 files.");
  await room.of(MAIN)[1]?.finish("both");
  expect(store.mail.all()).toEqual([]);
});

test("a result whose turn is stopped before it began is told with the session's next turn", async () => {
  const room = setup();
  const { child } = await spawned(room);
  await room.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  room.engine.abort(MAIN, { reason: "stop" });
  await quiet();
  expect(store.mail.all()).toEqual([]);
  expect(room.of(MAIN)).toHaveLength(1);
  room.engine.submit(question("next"));
  await quiet();
  expect(room.of(MAIN)[1]?.input.message?.text).toMatch(
    /System: \[.+\] Sub-agent "counting" finished: There are 12 files\./,
  );
});

test("a result that was read before its turn was stopped is not told again", async () => {
  const room = setup();
  const { child } = await spawned(room);
  await room.of(MAIN)[0]?.finish("I am on it.");
  await room.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  room.engine.abort(MAIN, { reason: "stop" });
  await quiet();
  room.engine.submit(question("next"));
  await quiet();
  expect(room.of(MAIN)[2]?.input.message?.text).toBe("text of next");
  expect(store.mail.all()).toEqual([]);
});

test.each(["interrupt", "steer-backlog"])(
  "queue mode %s: the requester's turn goes on, and the result is told once",
  async (mode) => {
    const room = setup({ messages: { queue: { mode } } });
    const { child } = await spawned(room);
    await room.of(child)[0]?.finish("There are 12 files.");
    await quiet();
    expect(room.ends).toEqual([`${child} final`]);
    await room.of(MAIN)[0]?.finish("first");
    await room.clock.advance(1_000);
    await quiet();
    await room.of(MAIN)[1]?.finish("Twelve.");
    await room.clock.advance(1_000);
    await quiet();
    const told = room
      .of(MAIN)
      .flatMap(({ input, steered }) => [input.message?.text ?? "", ...steered])
      .filter((text) => text.includes("12 files"));
    expect(told).toHaveLength(1);
  },
);

test("a session that may send nothing hears the result and keeps it", async () => {
  const room = setup();
  const { child } = await spawned(room);
  await room.of(MAIN)[0]?.finish("I am on it.");
  room.sessions.patch(MAIN, { sendPolicy: "deny" });
  await room.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  await room.of(MAIN)[1]?.finish("Twelve.");
  await quiet();
  expect(replies()).toEqual(["1: I am on it."]);
});

test("a call that is stopped while it looks for its model starts nothing", async () => {
  const room = setup();
  room.engine.submit(question("asked"));
  await quiet();
  const controller = new AbortController();
  const call = room.call("sessions_spawn", { task: "x", model: "any/thing" }, MAIN, { signal: controller.signal });
  controller.abort(new Error("stopped"));
  await expect(call).rejects.toThrow("stopped");
  expect(store.subagents.all()).toEqual([]);
});

test("a session that somebody still works in is not archived", async () => {
  const room = setup();
  await room.crossAgent.recover();
  const { child } = await spawned(room);
  await room.of(MAIN)[0]?.finish("ok");
  await room.of(child)[0]?.finish("one");
  await quiet();
  await room.of(MAIN)[1]?.finish("one");
  room.engine.submit(question("later", { sessionKey: child, displayKey: child }));
  await quiet();
  await room.clock.advance(61 * 60_000);
  expect(room.sessions.entry(child)).toBeDefined();
  await room.of(child)[1]?.finish("answered");
  await room.clock.advance(61_000);
  expect(room.sessions.entry(child)).toBeUndefined();
});

test("a child whose session a person stops is told of as stopped", async () => {
  const room = setup();
  const { child } = await spawned(room);
  await room.of(MAIN)[0]?.finish("ok");
  room.engine.abort(child, { reason: "rpc" });
  await quiet();
  await room.clock.advance(1_000);
  await quiet();
  expect(room.of(MAIN)[1]?.input.message?.text).toContain('"counting" failed: stopped');
});

test("kill while the child works: it goes on, and its result is told once", async () => {
  const before = setup();
  const { child } = await spawned(before);
  await before.of(MAIN)[0]?.finish("I am on it.");
  const after = setup();
  after.engine.recover();
  await after.crossAgent.recover();
  await quiet();
  expect(after.of(child)[0]?.input).toMatchObject({ message: undefined, promptMode: "minimal" });
  await after.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  await after.of(MAIN)[0]?.finish("Twelve.");
  await quiet();
  expect(after.of(MAIN)).toHaveLength(1);
  expect(replies()).toEqual(["1: I am on it.", "1: Twelve."]);
});

test("kill between the child's end and the requester's turn: the result is still there", async () => {
  const before = setup();
  const { child, runId } = await spawned(before);
  await before.of(MAIN)[0]?.finish("I am on it.");
  await before.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  // As if the process had died right after the transaction that ended the child's turn.
  store.database.sql.prepare("DELETE FROM turns WHERE id = ?").run(`${runId}:result`);
  const after = setup();
  after.engine.recover();
  await after.crossAgent.recover();
  await quiet();
  expect(after.of(MAIN)[0]?.input.message?.text).toContain("There are 12 files.");
});

test("kill while the requester's turn tells the result: it is told once", async () => {
  const before = setup();
  const { child } = await spawned(before);
  await before.of(MAIN)[0]?.finish("I am on it.");
  await before.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  expect(before.of(MAIN)).toHaveLength(2);
  const after = setup();
  after.engine.recover();
  await after.crossAgent.recover();
  await quiet();
  // It continues from the transcript, which has the result.
  expect(after.of(MAIN)[0]?.input.message).toBeUndefined();
  await after.of(MAIN)[0]?.finish("Twelve.");
  await quiet();
  expect(replies()).toEqual(["1: I am on it.", "1: Twelve."]);
  expect(store.mail.all()).toEqual([]);
  const third = setup();
  third.engine.recover();
  await third.crossAgent.recover();
  await quiet();
  expect(third.turns).toEqual([]);
});

test("kill of a turn into which the result was steered: read or not, it is told once", async () => {
  const before = setup({ messages: { queue: { mode: "steer" } } });
  const { child } = await spawned(before);
  await before.of(child)[0]?.finish("There are 12 files.");
  await quiet();
  expect(before.of(MAIN)[0]?.steered).toHaveLength(1);
  const after = setup({ messages: { queue: { mode: "steer" } } });
  after.engine.recover();
  await after.crossAgent.recover();
  await quiet();
  await after.of(MAIN)[0]?.finish("resumed");
  await quiet();
  expect(after.of(MAIN)[1]?.input.message?.text).toContain("There are 12 files.");
  await after.of(MAIN)[1]?.finish("Twelve.");
  await quiet();
  expect(after.of(MAIN)).toHaveLength(2);
  expect(store.mail.all()).toEqual([]);
});

test("kill during the call that starts a sub-agent: the call, run again, finds the one it started", async () => {
  const before = setup();
  before.engine.submit(question("asked"));
  await quiet();
  const first = await before.call("sessions_spawn", { task: "count" }, MAIN, { id: "call-x" });
  const twice = await before.call("sessions_spawn", { task: "count" }, MAIN, { id: "call-x" });
  expect(twice.childSessionKey).not.toBe(first.childSessionKey);
  const after = setup();
  after.engine.recover();
  await after.crossAgent.recover();
  await quiet();
  expect(await after.call("sessions_spawn", { task: "count" }, MAIN, { id: "call-x" })).toEqual(first);
  expect(store.subagents.all()).toHaveLength(2);
});

test("a requester that was stopped just before a kill does not get its sub-agent back", async () => {
  const before = setup();
  const { child, runId } = await spawned(before);
  store.subagents.change(runId, { stopped: true });
  const after = setup();
  after.engine.recover();
  await after.crossAgent.recover();
  await quiet();
  expect(after.ends).toEqual([`${child} aborted`]);
  expect(store.mail.all()).toEqual([]);
});

test("sessions are archived when their time has come, or at once with cleanup delete", async () => {
  const room = setup();
  await room.crossAgent.recover();
  const kept = await spawned(room);
  const gone = String((await room.call("sessions_spawn", { task: "quick", cleanup: "delete" })).childSessionKey);
  await room.of(MAIN)[0]?.finish("ok");
  await room.of(kept.child)[0]?.finish("one");
  await quiet();
  await room.of(MAIN)[1]?.finish("one");
  await quiet();
  await room.of(gone)[0]?.finish("two");
  await quiet();
  expect(room.sessions.entry(gone)).toBeDefined();
  await room.of(MAIN)[2]?.finish("two");
  await quiet();
  expect(room.sessions.entry(gone)).toBeUndefined();
  await room.clock.advance(59 * 60_000);
  expect(room.sessions.list({ spawnedBy: MAIN }).map(({ key }) => key)).toEqual([kept.child]);
  await room.clock.advance(61_000);
  expect(room.sessions.list({ spawnedBy: MAIN })).toEqual([]);
  expect(
    readdirSync(join(dir, "agents", "main", "sessions")).filter((name) => name.includes(".jsonl.deleted.")),
  ).toHaveLength(2);
});

test("runs.json has the known format, for its owner alone", async () => {
  const room = setup();
  const { child, runId } = await spawned(room);
  await room.of(MAIN)[0]?.finish("ok");
  await room.of(child)[0]?.finish("one");
  await quiet();
  await room.of(MAIN)[1]?.finish("one");
  await quiet();
  await room.crossAgent.stop();
  const now = room.clock.now();
  expect(runsFile()).toEqual({
    version: 2,
    runs: {
      [runId]: {
        runId,
        childSessionKey: child,
        requesterSessionKey: MAIN,
        requesterOrigin: { channel: "telegram", to: "1", accountId: "default" },
        requesterDisplayKey: "main",
        task: "count the files",
        cleanup: "keep",
        label: "counting",
        createdAt: now,
        startedAt: now,
        archiveAtMs: now + 3_600_000,
        cleanupHandled: true,
        endedAt: now,
        outcome: { status: "ok" },
        cleanupCompletedAt: now,
      },
    },
  });
  expect(statSync(join(dir, "subagents", "runs.json")).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, "subagents")).mode & 0o777).toBe(0o700);
});

test("runs of another installation are taken over: told results rest, others are told", async () => {
  const run = {
    requesterSessionKey: "main",
    requesterOrigin: { channel: "telegram", to: "1" },
    requesterDisplayKey: "main",
    cleanup: "keep",
    createdAt: 1,
  };
  const runs = {
    told: {
      ...run,
      runId: "told",
      childSessionKey: "agent:main:subagent:a",
      task: "old",
      endedAt: 2,
      outcome: { status: "ok" },
      cleanupHandled: true,
      cleanupCompletedAt: 3,
    },
    lost: { ...run, runId: "lost", childSessionKey: "agent:main:subagent:b", task: "half done", startedAt: 1 },
    hostile: {
      ...run,
      runId: "hostile",
      childSessionKey: "agent:main:main",
      task: "x",
      endedAt: 2,
      archiveAtMs: 1,
      cleanupHandled: true,
    },
    broken: { runId: 7 },
  };
  mkdirSync(join(dir, "subagents"));
  writeFileSync(join(dir, "subagents", "runs.json"), JSON.stringify({ version: 2, runs }));
  const room = setup();
  const { sessionId } = room.sessions.patch(MAIN, {});
  await room.crossAgent.recover();
  await quiet();
  expect(room.of(MAIN).map(({ input }) => input.message?.text)).toEqual([
    expect.stringContaining('for "half done" failed'),
  ]);
  await room.of(MAIN)[0]?.finish("It was interrupted.");
  await quiet();
  expect(replies()).toEqual(["1: It was interrupted."]);
  await room.clock.advance(61_000);
  expect(room.sessions.entry(MAIN)?.sessionId).toBe(sessionId);
  await vi.waitFor(() => expect(Object.keys(runsFile().runs)).toEqual(["told", "lost"]));
  expect(readdirSync(join(dir, "subagents")).some((name) => name.startsWith("runs.json.corrupt-"))).toBe(true);
  // Our own file is not read back.
  const again = setup();
  store.subagents.remove("told");
  await again.crossAgent.recover();
  expect(store.subagents.get("told")).toBeUndefined();
  expect(existsSync(join(dir, "subagents", "runs.json"))).toBe(true);
});
