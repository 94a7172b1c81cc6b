import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CrossAgentRoom, crossAgentRoom, question, quiet } from "../../test/cross-agent-room.ts";
import { type Store, openStore } from "../store/store.ts";

const MAIN = "agent:main:main";
const WORK = "agent:work:main";
const agents = { list: [{ id: "main" }, { id: "work" }] };
const together = { agents, tools: { agentToAgent: { enabled: true, allow: ["*"] } } };
const withoutReplies = { ...together, session: { agentToAgent: { maxPingPongTurns: 0 } } };
let dir: string;
let store: Store;
const rooms: CrossAgentRoom[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "session-tools-"));
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

/** The main session is in the middle of a turn, as when it calls a tool. */
async function busy(config: Record<string, unknown> = withoutReplies): Promise<CrossAgentRoom> {
  const room = setup(config);
  room.engine.submit(question("asked"));
  await quiet();
  return room;
}

const replies = () => store.outbox.open().map(({ target, message }) => `${target}: ${message.text}`);
const write = (room: CrossAgentRoom, key: string, message: Record<string, unknown>) => {
  const { transcript } = room.sessions.open(question("x", { sessionKey: key, agentId: room.sessions.agentOf(key) }));
  transcript.appendMessage({ role: "assistant", timestamp: room.clock.now(), ...message });
};

test("a message waits for its answer, although the one ordinary place is taken by the session that asks", async () => {
  const room = await busy();
  const sent = room.call("sessions_send", { sessionKey: WORK, message: "how is it going?" });
  await quiet();
  expect(room.of(WORK)[0]?.input.message?.text).toMatch(
    /^\[Message from agent main, session agent:main:main\]\n\nhow is it going\?/,
  );
  await room.of(WORK)[0]?.finish("well");
  expect(await sent).toMatchObject({ status: "ok", reply: "well", sessionKey: WORK });
});

test("a session that is asked may ask a third one meanwhile", async () => {
  const room = await busy({ ...withoutReplies, agents: { list: [{ id: "main" }, { id: "work" }, { id: "third" }] } });
  const sent = room.call("sessions_send", { sessionKey: WORK, message: "who knows?" });
  await quiet();
  const further = room.call("sessions_send", { sessionKey: "agent:third:main", message: "do you?" }, WORK);
  await quiet();
  await room.of("agent:third:main")[0]?.finish("I do");
  expect(await further).toMatchObject({ reply: "I do" });
  await room.of(WORK)[0]?.finish("third does");
  expect(await sent).toMatchObject({ reply: "third does" });
});

test("an answer that takes too long is told as a timeout, one that is not waited for as accepted", async () => {
  const room = await busy();
  const sent = room.call("sessions_send", { sessionKey: WORK, message: "hello?", timeoutSeconds: 5 });
  await quiet();
  await room.clock.advance(5_000);
  expect(await sent).toMatchObject({ status: "timeout" });
  expect(await room.call("sessions_send", { sessionKey: WORK, message: "hello?", timeoutSeconds: 0 })).toMatchObject({
    status: "accepted",
  });
  await room.of(WORK)[0]?.finish("late");
  await quiet();
  expect(room.of(WORK)).toHaveLength(2);
});

test("a turn that fails or is stopped at the other side is told as an error", async () => {
  const room = await busy();
  const sent = room.call("sessions_send", { sessionKey: WORK, message: "hello?" });
  await quiet();
  room.engine.abort(WORK, { reason: "stop" });
  expect(await sent).toMatchObject({ status: "error" });
});

test("sessions are named by key or label; those one may not reach are refused with the reason", async () => {
  const room = await busy({ agents });
  room.sessions.patch("agent:main:telegram:group:5", { label: "Family" });
  const sent = room.call("sessions_send", { label: "Family", message: "dinner?", timeoutSeconds: 0 });
  expect(await sent).toMatchObject({ sessionKey: "agent:main:telegram:group:5" });
  const refused = (params: Record<string, unknown>) =>
    expect(room.call("sessions_send", { message: "x", ...params })).rejects;
  await refused({ sessionKey: WORK }).toThrow("tools.agentToAgent.enabled is off");
  await refused({ label: "Nobody" }).toThrow('no session labelled "Nobody"');
  await refused({ sessionKey: "agent:main:telegram:group:6" }).toThrow("There is no session");
  await refused({ sessionKey: "main" }).toThrow("your own session");
  await refused({}).toThrow("No session was named");
  await expect(room.call("sessions_history", { sessionKey: WORK })).rejects.toThrow(
    "tools.agentToAgent.enabled is off",
  );
});

test("agents answer each other until one has nothing to add, and the target tells its own chat", async () => {
  const room = await busy(together);
  room.sessions.patch(WORK, {
    lastChannel: "telegram",
    lastTo: "42",
    deliveryContext: { channel: "telegram", to: "42", accountId: "default" },
  });
  const sent = room.call("sessions_send", { sessionKey: WORK, message: "lunch?" });
  await quiet();
  await room.of(WORK)[0]?.finish("where?");
  await sent;
  await room.of(MAIN)[0]?.finish("Asking.");
  await quiet();
  expect(room.of(MAIN)[1]?.input.message?.text).toContain(
    "[Answer from agent work, session agent:work:main]\n\nwhere?",
  );
  await room.of(MAIN)[1]?.finish("at noon, in town");
  await quiet();
  expect(room.of(WORK)[1]?.input.message?.text).toContain("at noon, in town");
  await room.of(WORK)[1]?.finish("REPLY_SKIP");
  await quiet();
  const last = room.of(WORK)[2]?.input.message?.text ?? "";
  expect(["lunch?", "where?", "at noon, in town", "ANNOUNCE_SKIP"].filter((part) => !last.includes(part))).toEqual([]);
  await room.of(WORK)[2]?.finish("Lunch at noon is settled.");
  await quiet();
  expect(replies()).toEqual(["1: Asking.", "42: Lunch at noon is settled."]);
  expect(store.mail.all()).toEqual([]);
  // What the other session said did not move where this one's person is.
  expect(room.sessions.entry(MAIN)?.deliveryContext).toEqual({ channel: "telegram", to: "1", accountId: "default" });
});

test.each([
  [0, 0],
  [1, 1],
  [3, 3],
])("with at most %i replies there are %i, and an announcement may be kept back", async (maxPingPongTurns, expected) => {
  const room = await busy({ ...together, session: { agentToAgent: { maxPingPongTurns } } });
  room.sessions.patch(WORK, { lastChannel: "telegram", lastTo: "42" });
  const sent = room.call("sessions_send", { sessionKey: WORK, message: "lunch?" });
  await quiet();
  await room.of(WORK)[0]?.finish("where?");
  await sent;
  await room.of(MAIN)[0]?.finish("Asking.");
  await quiet();
  for (let reply = 0; reply < expected; reply++) {
    await room.turns.at(-1)?.finish(`reply ${reply}`);
    await quiet();
  }
  expect(room.turns).toHaveLength(2 + expected + 1);
  await room.turns.at(-1)?.finish("ANNOUNCE_SKIP");
  await quiet();
  expect(room.turns).toHaveLength(2 + expected + 1);
  expect(replies()).toEqual(["1: Asking."]);
});

test("a conversation between agents goes on after a kill, each turn once", async () => {
  const before = await busy(together);
  const sent = before.call("sessions_send", { sessionKey: WORK, message: "lunch?" }, MAIN, { id: "call-x" });
  await quiet();
  await before.of(WORK)[0]?.finish("where?");
  const answer = await sent;
  // The answer's way back was decided, the turn for it not begun.
  store.database.sql.prepare("DELETE FROM turns WHERE id LIKE '%:reply1'").run();
  const after = setup(together);
  after.engine.recover();
  await after.crossAgent.recover();
  await quiet();
  // The call that was cut off is run again: it finds its answer.
  expect(await after.call("sessions_send", { sessionKey: WORK, message: "lunch?" }, MAIN, { id: "call-x" })).toEqual(
    answer,
  );
  await after.of(MAIN)[0]?.finish("Asked.");
  await quiet();
  expect(after.of(MAIN)[1]?.input.message?.text).toContain("where?");
  await after.of(MAIN)[1]?.finish("REPLY_SKIP");
  await quiet();
  expect(after.turns.map(({ input }) => input.sessionKey)).toEqual([MAIN, MAIN]);
  expect(store.mail.all()).toEqual([]);
});

test("the list shows what may be seen, newest first, by kind, use and number", async () => {
  const room = setup({ agents });
  room.sessions.patch(MAIN, { label: "home" });
  await room.clock.advance(60 * 60_000);
  for (const key of ["agent:main:telegram:group:5", "agent:main:cron:daily", "agent:main:subagent:1", WORK])
    room.sessions.patch(key, {});
  write(room, MAIN, { content: "I am the last word" });
  const list = async (params: Record<string, unknown>) =>
    (await room.call("sessions_list", params)) as { count: number; sessions: Record<string, unknown>[] };
  const keys = async (params: Record<string, unknown>) => (await list(params)).sessions.map(({ key }) => key);
  expect(new Set(await keys({}))).toEqual(
    new Set(["agent:main:cron:daily", MAIN, "agent:main:subagent:1", "agent:main:telegram:group:5"]),
  );
  expect(await keys({ kinds: ["group", "cron"] })).toHaveLength(2);
  expect(await keys({ kinds: ["subagent"] })).toEqual(["agent:main:subagent:1"]);
  expect(await keys({ activeMinutes: 5 })).not.toContain(MAIN);
  expect(await keys({ limit: 2 })).toHaveLength(2);
  const [home] = (await list({ kinds: ["main"], messageLimit: 1 })).sessions;
  expect(home).toMatchObject({
    kind: "main",
    label: "home",
    messages: [{ role: "assistant", text: "I am the last word" }],
  });
});

test("a history has words alone, tools when asked for, and an end", async () => {
  const room = setup();
  room.sessions.patch(MAIN, {});
  write(room, MAIN, { role: "user", content: "[WebChat 2026-01-01 00:00 UTC] read it" });
  write(room, MAIN, {
    content: [
      { type: "thinking", thinking: "hm" },
      { type: "toolCall", id: "1", name: "read", arguments: {} },
    ],
  });
  write(room, MAIN, {
    role: "toolResult",
    toolCallId: "1",
    toolName: "read",
    content: [{ type: "text", text: "the file" }],
  });
  write(room, MAIN, { content: [{ type: "text", text: "x".repeat(5_000) }] });
  const texts = async (params: Record<string, unknown>) => {
    const { messages } = await room.call(
      "sessions_history",
      { sessionKey: "main", ...params },
      "agent:main:telegram:group:5",
    );
    return (messages as { role: string; text: string; tools?: string[] }[]).map(({ role, text, tools }) => [
      role,
      text.slice(0, 20),
      ...(tools ?? []),
    ]);
  };
  expect(await texts({})).toEqual([
    ["user", "read it"],
    ["assistant", "x".repeat(20)],
  ]);
  expect(await texts({ includeTools: true })).toEqual([
    ["user", "read it"],
    ["assistant", "", "read"],
    ["toolResult", "the file", "read"],
    ["assistant", "x".repeat(20)],
  ]);
  expect(await texts({ limit: 1 })).toEqual([["assistant", "x".repeat(20)]]);
  for (let more = 0; more < 20; more++) write(room, MAIN, { content: "y".repeat(5_000) });
  const whole = await room.call("sessions_history", { sessionKey: "main", limit: 50 });
  expect(JSON.stringify(whole).length).toBeLessThan(45_000);
});
