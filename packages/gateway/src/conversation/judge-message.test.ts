import type { Inbound } from "@openclaw/core";
import { applyDefaults } from "@openclaw/core/config";
import { expect, test } from "vitest";
import { type AnswerVerdict, type Surroundings, judgeMessage } from "./judge-message.ts";

const definition = {
  capabilities: { threadKind: "topic", nativeCommands: true } as never,
  normalizeId: (id: string) => id.trim().replace(/^tg:/i, "").toLowerCase(),
};

function around(rest: Partial<Surroundings> = {}, config: Record<string, unknown> = {}): Surroundings {
  return {
    config: applyDefaults(config),
    channel: "telegram",
    channelLabel: "Telegram",
    accountId: "default",
    rules: {
      dmPolicy: "allowlist",
      allowFrom: ["7"],
      groupPolicy: "open",
      groups: { "-100": {} },
    },
    definition,
    self: "helper_bot",
    hasMenu: true,
    paired: [],
    entry: () => undefined,
    isBusy: () => false,
    identity: async () => ({ name: "Molly" }),
    ...rest,
  };
}

function message(rest: Partial<Inbound> = {}): Inbound {
  const chat = { kind: "direct" as const, id: "7" };
  return {
    key: "k",
    kind: "message",
    target: "7",
    chat,
    sender: { id: "7" },
    messageId: "1",
    timestamp: 1,
    text: "hello",
    ...rest,
  };
}
const inGroup = (rest: Partial<Inbound> = {}) =>
  message({ chat: { kind: "group", id: "-100", title: "Family" }, target: "-100", ...rest });
const only = async (...args: Parameters<typeof judgeMessage>) => {
  const { verdict, agents } = await judgeMessage(...args);
  return verdict ?? agents[0]?.verdict;
};

test("a listed person is answered, a stranger is not", async () => {
  expect(await only(message(), around())).toMatchObject({
    action: "answer",
    reason: "dm-listed",
    sessionKey: "agent:main:main",
  });
  expect(await only(message({ sender: { id: "8" } }), around())).toEqual({ action: "drop", reason: "dm-not-listed" });
});

test("judging decides every time the same and leaves its input alone", async () => {
  const [facts, surroundings] = [Object.freeze(inGroup({ text: "molly, hi" })), around()];
  const before = structuredClone({ facts, rules: surroundings.rules });
  const [first, second] = [await judgeMessage(facts, surroundings), await judgeMessage(facts, surroundings)];
  expect(second).toEqual(first);
  expect({ facts, rules: surroundings.rules }).toEqual(before);
});

test("in a group the name the agent gave itself addresses it, anything else is kept as context", async () => {
  expect(await only(inGroup({ text: "molly, are you there?" }), around())).toMatchObject({
    action: "answer",
    reason: "mention-pattern",
  });
  expect(await only(inGroup({ text: "who brings cake?" }), around())).toMatchObject({
    action: "remember",
    reason: "mention-missing",
  });
});

test("a broadcast chat is judged for each of its agents, in the order of the list", async () => {
  const config = {
    agents: { list: [{ id: "one" }, { id: "two" }] },
    broadcast: { strategy: "sequential", "-100": ["two", "one"] },
  };
  const { agents, strategy } = await judgeMessage(inGroup({ mentioned: true }), around({}, config));
  expect(strategy).toBe("sequential");
  expect(agents.map(({ route, verdict }) => [route.tier, route.sessionKey, verdict.action])).toEqual([
    ["broadcast", "agent:two:telegram:group:-100", "answer"],
    ["broadcast", "agent:one:telegram:group:-100", "answer"],
  ]);
});

test("a group's tool rules come before those of its sender, whichever way the sender is written", async () => {
  const groups = {
    "-100": {
      tools: { deny: ["exec"] },
      toolsBySender: { "tg:7": { allow: ["read"] }, "*": { deny: ["write"] } },
      skills: ["weather"],
    },
  };
  const rules = { ...around().rules, groups } as Surroundings["rules"];
  const asked = async (id: string) =>
    (await only(inGroup({ mentioned: true, sender: { id } }), around({ rules }))) as AnswerVerdict;
  expect((await asked("7")).toolPolicy).toEqual([
    { label: 'channels.telegram.groups["-100"].tools', rules: { deny: ["exec"] } },
    { label: 'channels.telegram.groups["-100"].toolsBySender["tg:7"]', rules: { allow: ["read"] } },
  ]);
  expect((await asked("8")).toolPolicy[1]?.rules).toEqual({ deny: ["write"] });
  expect((await asked("7")).skills).toEqual(["weather"]);
});

test("from our own number we are in conversation with ourselves: taken, marked, and native mentions mean nothing", async () => {
  const rules = {
    dmPolicy: "allowlist",
    allowFrom: ["+49"],
    groupPolicy: "open",
    groups: { "-100": {} },
  } as Surroundings["rules"];
  const self = around({ self: "+49", rules });
  expect(await only(message({ sender: { id: "+49" } }), self)).toMatchObject({
    action: "answer",
    reason: "dm-self",
    selfChat: true,
  });
  expect(await only(inGroup({ mentioned: true }), self)).toMatchObject({ action: "remember" });
});

test("a stranger's command in a group is nobody's business, a forwarded one is content", async () => {
  const rules = { ...around().rules, groupAllowFrom: ["9"] } as Surroundings["rules"];
  expect(await only(inGroup({ text: "/status", sender: { id: "8" } }), around({ rules }))).toEqual({
    action: "drop",
    reason: "command-not-listed",
  });
  expect(await only(message({ text: "/status", forwardedFrom: "somebody" }), around())).toMatchObject({
    action: "answer",
    commands: { authorized: false },
  });
});

test.each([
  ["colons and slashes", "agent:main:main/../../etc"],
  ["emoji", "👩‍👩‍👧‍👦"],
  ["10 kB", "x".repeat(10_000)],
  ["control characters", "a\u0000\n\u202Eb"],
])("a chat id of %s gets a session of its own and a key that can be a file's name", async (_, id) => {
  const rules = { dmPolicy: "open", allowFrom: ["*"] } as Surroundings["rules"];
  const verdict = (await only(
    message({ chat: { kind: "direct", id }, sender: { id } }),
    around({ rules }, { session: { dmScope: "per-channel-peer" } }),
  )) as AnswerVerdict;
  expect(verdict.action).toBe("answer");
  expect(verdict.sessionKey).not.toBe("agent:main:main");
  expect(verdict.sessionKey.length).toBeLessThan(400);
  expect(verdict.sessionKey).not.toMatch(/[\s\p{Cc}/\\]/u);
});

test("an empty id is nobody", async () => {
  expect(await only(message({ sender: { id: " " } }), around())).toEqual({ action: "drop", reason: "sender-unknown" });
});
