import { describe, expect, test } from "vitest";
import { decideCommand, decideConfigWrite } from "./command.ts";
import { describeReason } from "./decision.ts";
import { decideDirect } from "./direct.ts";
import { decideGroup, type GroupFacts } from "./group.ts";
import { mentionRequired, resolveGroup, resolveGuildChannel } from "./group-rule.ts";
import { decideSend } from "./send-policy.ts";

const normalize = (id: string) => id.replace(/^(?:tg|telegram):/i, "");
const sender = { senderIds: ["42", "@alice"], normalize };
const malformed: unknown[] = [null, "42", 42, {}, [null], [{}], [[]], [""], ["  "], [true]];

const directReason = (policy: unknown, allowFrom: unknown, paired?: string[]) =>
  decideDirect({ policy, allowFrom, ...(paired && { paired }), ...sender }).reason;
const broken = () => {
  throw new Error("boom");
};

describe("direct messages", () => {
  const lists: [string, unknown][] = [
    ["missing", undefined],
    ["empty", []],
    ["wildcard", ["*"]],
    ["naming the sender", ["tg:42"]],
    ["naming the user name", ["@Alice"]],
    ["a number", [42]],
    ["naming somebody else", ["43"]],
    ...malformed.map((value): [string, unknown] => [`malformed ${JSON.stringify(value)}`, value]),
  ];
  const listed = new Set(["wildcard", "naming the sender", "naming the user name", "a number"]);
  const knownPolicies: unknown[] = ["pairing", "allowlist", "open", undefined];
  const policies: unknown[] = [
    "pairing",
    "allowlist",
    "open",
    "disabled",
    undefined,
    "",
    null,
    "OPEN",
    "everyone",
    1,
    {},
  ];

  test.each(policies.flatMap((policy) => lists.map(([name, allowFrom]) => [policy, name, allowFrom] as const)))(
    "policy %j, list %s",
    (policy, name, allowFrom) => {
      const known = knownPolicies.includes(policy);
      const asks = policy === "pairing" || policy === undefined;
      const expected = known && listed.has(name) ? "allow" : known && asks ? "pair" : "deny";
      expect(decideDirect({ policy, allowFrom, ...sender }).action).toBe(expected);
    },
  );

  test("reasons tell lists apart", () => {
    expect(directReason("open", [])).toBe("dm-open-without-wildcard");
    expect(directReason("open", ["*"])).toBe("dm-open");
    expect(directReason("allowlist", [])).toBe("dm-list-empty");
    expect(directReason("allowlist", ["1"])).toBe("dm-not-listed");
    expect(directReason("allowlist", ["tg:", "tg:*"])).toBe("dm-list-empty");
    expect(directReason("allowlist", [], ["42"])).toBe("dm-paired");
    expect(directReason("pairing", [], ["tg:42"])).toBe("dm-paired");
    expect(directReason("disabled", ["*"])).toBe("dm-disabled");
    expect(describeReason("dm-list-empty")).toBe("allowFrom is empty, so nobody may write");
  });

  test("a wildcard in the pairing store opens nothing", () => {
    expect(decideDirect({ policy: "allowlist", allowFrom: [], paired: ["*"], ...sender }).action).toBe("deny");
  });

  test.each([[[]], [[""]], [["  "]], [["tg:"]]])(
    "a message without a sender (%j) is dropped even with a wildcard",
    (senderIds) => {
      expect(decideDirect({ policy: "open", allowFrom: ["*", ""], senderIds, normalize })).toEqual({
        action: "deny",
        reason: "sender-unknown",
      });
    },
  );

  test("our own account may always write, unless direct messages are off or it cannot be told who writes", () => {
    const own = { allowFrom: [], ...sender, fromSelf: true };
    expect(decideDirect({ policy: "allowlist", ...own }).reason).toBe("dm-self");
    expect(decideDirect({ policy: "disabled", ...own }).action).toBe("deny");
    expect(decideDirect({ policy: "bogus", ...own }).action).toBe("deny");
    expect(decideDirect({ policy: "allowlist", ...own, senderIds: [""] }).action).toBe("deny");
  });

  test("an adapter that fails drops the message", () => {
    expect(decideDirect({ policy: "allowlist", allowFrom: ["42"], senderIds: ["42"], normalize: broken }).action).toBe(
      "deny",
    );
  });
});

describe("groups", () => {
  const chat = { chatIds: ["-100"], normalize };
  const unlisted = resolveGroup(undefined, chat);
  const decide = (more: Partial<GroupFacts>) =>
    decideGroup({
      policy: "allowlist",
      group: unlisted,
      listedBy: "sender",
      groupAllowFrom: undefined,
      allowFrom: undefined,
      chatId: "-100",
      ...sender,
      ...more,
    });

  const lists = [undefined, [], ...malformed.filter((value) => value !== null)];
  test.each(
    lists.flatMap((groupAllowFrom) =>
      ["allowlist", undefined, "", "everyone", null, "disabled"].map((policy) => [policy, groupAllowFrom]),
    ),
  )("policy %j with list %j drops", (policy, groupAllowFrom) => {
    expect(decide({ policy, groupAllowFrom }).action).toBe("deny");
  });

  test.each([
    ["a listed sender", { groupAllowFrom: ["tg:42"] }, "group-sender-listed"],
    ["a wildcard", { groupAllowFrom: ["*"] }, "group-sender-wildcard"],
    ["allowFrom stands in", { allowFrom: [42] }, "group-sender-listed"],
    ["allowFrom does not stand in for an empty list", { groupAllowFrom: [], allowFrom: [42] }, "group-list-empty"],
    ["open", { policy: "open" }, "group-open"],
    ["open, group off", { policy: "open", group: resolveGroup({ "-100": { enabled: false } }, chat) }, "group-off"],
    ["open, other groups listed", { policy: "open", group: resolveGroup({ "-200": {} }, chat) }, "group-not-listed"],
    [
      "open, the group's own list",
      { policy: "open", group: resolveGroup({ "-100": { allowFrom: ["1"] } }, chat) },
      "group-sender-not-listed",
    ],
    [
      "open, the group's own list is empty",
      { policy: "open", group: resolveGroup({ "-100": { allowFrom: [] } }, chat) },
      "group-list-empty",
    ],
    ["listed chat, no sender list", { group: resolveGroup({ "-100": {} }, chat) }, "group-list-empty"],
    [
      "listed chat is enough on Discord",
      { listedBy: "chat", group: resolveGroup({ "-100": {} }, chat) },
      "group-chat-listed",
    ],
    ["no chats listed on Discord", { listedBy: "chat" }, "group-list-empty"],
    ["no chat id", { policy: "open", chatId: " " }, "chat-unknown"],
    ["no sender id", { policy: "open", senderIds: [""] }, "sender-unknown"],
  ] as [string, Partial<GroupFacts>, string][])("%s", (_name, facts, reason) => {
    expect(decide(facts).reason).toBe(reason);
  });

  test("topic over group over wildcard, field by field", () => {
    const groups = {
      "*": { requireMention: false, systemPrompt: "star", enabled: false },
      "tg:-100": { systemPrompt: "group", topics: { "7": { requireMention: true } } },
    };
    expect(resolveGroup(groups, chat)).toEqual({
      listing: "named",
      rule: { requireMention: false, systemPrompt: "group" },
    });
    expect(resolveGroup(groups, { ...chat, topicId: "7" }).rule).toEqual({
      requireMention: true,
      systemPrompt: "group",
    });
    expect(resolveGroup(groups, { chatIds: ["-5"], normalize })).toEqual({ listing: "wildcard", rule: groups["*"] });
    expect(mentionRequired({})).toBe(true);
    expect(mentionRequired({ requireMention: true }, "always")).toBe(false);
    expect(mentionRequired({ requireMention: false }, "mention")).toBe(true);
  });

  test("guild channels by id or name", () => {
    const guilds = {
      "friends-of-crab": {
        requireMention: false,
        users: ["1"],
        channels: { "#help": { users: ["42"] }, off: { allow: false } },
      },
      open: {},
    };
    const resolve = (guild: string, ...chatIds: string[]) =>
      resolveGuildChannel(guilds, { guildIds: ["99", guild], chatIds, normalize });
    expect(resolve("friends-of-crab", "5", "help")).toEqual({
      listing: "named",
      rule: { requireMention: false, users: ["42"] },
    });
    expect(resolve("friends-of-crab", "5", "general").listing).toBe("missing");
    expect(resolve("friends-of-crab", "off").rule.allow).toBe(false);
    expect(resolve("open", "5").listing).toBe("named");
    expect(resolve("unknown", "5").listing).toBe("missing");
    expect(resolveGuildChannel({}, { guildIds: ["1"], chatIds: ["1"], normalize }).listing).toBe("unlisted");
  });
});

describe("commands", () => {
  const base = { channel: "telegram", ...sender, lists: [["42"]] };
  test.each([
    ["listed", base, true, true, "command-owner"],
    ["not listed", { ...base, lists: [["1"]] }, false, false, "command-not-listed"],
    ["no list", { ...base, lists: [undefined, []] }, false, false, "command-no-list"],
    ["access groups off", { ...base, lists: [], useAccessGroups: false }, true, false, "command-free"],
    ["a wildcard allows but makes no owner", { ...base, lists: [["*"]] }, true, false, "command-listed"],
    [
      "owner of this channel",
      { ...base, lists: [["1"]], ownerAllowFrom: ["telegram:42"] },
      true,
      true,
      "command-owner",
    ],
    [
      "owner of another channel",
      { ...base, lists: [["1"]], ownerAllowFrom: ["discord:42"] },
      false,
      false,
      "command-not-listed",
    ],
    [
      "an owner list takes ownership from the others",
      { ...base, ownerAllowFrom: ["7"] },
      true,
      false,
      "command-listed",
    ],
    ["owners only", { ...base, ownerAllowFrom: ["7"], ownersOnly: true }, false, false, "command-not-owner"],
    [
      "the login's own number",
      { ...base, lists: [], contextOwners: ["42"], ownersOnly: true },
      true,
      true,
      "command-owner",
    ],
  ] as const)("%s", (_name, facts, authorized, owner, reason) => {
    expect(decideCommand(facts)).toEqual({ authorized, owner, reason });
  });
});

test("the configuration is written only by the authorised, where both switches allow it", () => {
  const yes = { authorized: true, reason: "command-owner" } as const;
  const no = { authorized: false, reason: "command-not-listed" } as const;
  expect(decideConfigWrite({ command: yes })).toEqual({ allowed: false, reason: "config-write-commands-off" });
  expect(decideConfigWrite({ command: yes, commandsConfig: true })).toEqual({
    allowed: true,
    reason: "config-write-allowed",
  });
  expect(decideConfigWrite({ command: yes, commandsConfig: true, configWrites: false }).reason).toBe(
    "config-write-channel-off",
  );
  expect(decideConfigWrite({ command: no, commandsConfig: true })).toEqual({
    allowed: false,
    reason: "command-not-listed",
  });
});

describe("sending", () => {
  const policy = {
    default: "allow",
    rules: [
      { action: "deny", match: { channel: "discord", chatType: "group" } },
      { action: "allow", match: { channel: "discord" } },
      { action: "deny", match: { keyPrefix: "cron:" } },
    ],
  } as const;
  test.each([
    [{ sessionKey: "agent:main:main", channel: "discord", chatType: "group" }, false],
    [{ sessionKey: "agent:main:main", channel: "discord", chatType: "direct" }, true],
    [{ sessionKey: "agent:main:cron:1", channel: "telegram" }, false],
    [{ sessionKey: "agent:main:main", channel: "telegram" }, true],
    [{ sessionKey: "agent:main:main", channel: "discord", chatType: "group", session: "allow" }, true],
  ] as const)("%j", (facts, allowed) => {
    expect(decideSend({ policy, ...facts }).allowed).toBe(allowed);
  });

  test("default deny holds where no rule matches", () => {
    expect(
      decideSend({
        policy: { default: "deny", rules: [{ action: "allow", match: { chatType: "room" } }] },
        sessionKey: "x",
        chatType: "direct",
      }).allowed,
    ).toBe(false);
    expect(
      decideSend({
        policy: { default: "deny", rules: [{ action: "allow", match: { chatType: "room" } }] },
        sessionKey: "x",
        chatType: "channel",
      }).allowed,
    ).toBe(true);
  });
});
