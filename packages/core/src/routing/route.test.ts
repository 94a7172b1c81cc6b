import { describe, expect, test } from "vitest";
import { type Binding, resolveRoute, resolveRoutes, type RouteFacts, type RoutingConfig } from "./route.ts";

const agents = { list: ["home", "peer", "parent", "guild", "team", "account", "any"].map((id) => ({ id })) };
const bind = (agentId: string, match: Omit<Binding["match"], "channel">): Binding => ({
  agentId,
  match: { channel: "discord", ...match },
});
const facts: RouteFacts = {
  channel: "discord",
  accountId: "default",
  chat: { kind: "channel", id: "C1", parentId: "P1", guildId: "G1", teamId: "T1" },
};

describe("tiers", () => {
  const ladder: [string, Binding][] = [
    ["peer", bind("peer", { peer: { kind: "channel", id: "c1" } })],
    ["parent-peer", bind("parent", { peer: { kind: "channel", id: "P1" } })],
    ["guild", bind("guild", { guildId: "G1" })],
    ["team", bind("team", { teamId: "T1" })],
    ["account", bind("account", {})],
    ["any-account", bind("any", { accountId: "*" })],
  ];

  test.each(ladder.map(([tier], index) => [tier, index] as const))(
    "%s wins over all below it, wherever they stand in the file",
    (tier, index) => {
      const bindings = ladder
        .slice(index)
        .map(([, binding]) => binding)
        .toReversed();
      expect(resolveRoute({ agents, bindings }, facts)).toMatchObject({ tier, agentId: ladder[index]?.[1].agentId });
    },
  );

  test("without a match the default agent answers", () => {
    const other = bind("peer", { peer: { kind: "channel", id: "other" } });
    expect(resolveRoute({ agents, bindings: [other] }, facts)).toMatchObject({ tier: "default", agentId: "home" });
    expect(
      resolveRoute({ agents: { list: [{ id: "a" }, { id: "b", default: true }, { id: "c", default: true }] } }, facts)
        .agentId,
    ).toBe("b");
    expect(resolveRoute({}, facts).agentId).toBe("main");
  });

  test("inside a tier the first of the file wins", () => {
    const bindings = [
      bind("team", { guildId: "G2" }),
      bind("guild", { guildId: "G1" }),
      bind("any", { guildId: "G1" }),
    ];
    expect(resolveRoute({ agents, bindings }, facts)).toMatchObject({ agentId: "guild", binding: 1 });
  });
});

describe("what a binding names must be true", () => {
  test.each<[string, Binding["match"], Partial<RouteFacts>, boolean]>([
    ["another channel", { channel: "telegram" }, {}, false],
    ["no account means the default one", { channel: "discord" }, { accountId: "work" }, false],
    [
      "the channel's own default account",
      { channel: "discord" },
      { accountId: "work", defaultAccountId: "work" },
      true,
    ],
    ["an exact account", { channel: "discord", accountId: "Work" }, { accountId: "work" }, true],
    [
      "a peer on another account",
      { channel: "discord", peer: { kind: "channel", id: "C1" } },
      { accountId: "work" },
      false,
    ],
    [
      "a peer on any account",
      { channel: "discord", accountId: "*", peer: { kind: "channel", id: "C1" } },
      { accountId: "work" },
      true,
    ],
    ["a peer in another guild", { channel: "discord", guildId: "G2", peer: { kind: "channel", id: "C1" } }, {}, false],
    ["another kind", { channel: "discord", peer: { kind: "group", id: "C1" } }, {}, false],
    [
      "dm is direct",
      { channel: "discord", peer: { kind: "dm", id: "7" } },
      { chat: { kind: "direct", id: "7" } },
      true,
    ],
    [
      "direct is direct",
      { channel: "discord", peer: { kind: "direct", id: "7" } },
      { chat: { kind: "direct", id: "7" } },
      true,
    ],
    [
      "a topic of a group",
      { channel: "discord", peer: { kind: "group", id: "-1:topic:7" } },
      { chat: { kind: "group", id: "-1", threadId: "7" } },
      true,
    ],
    [
      "ids in the channel's own form",
      { channel: "discord", peer: { kind: "dm", id: "tg:7" } },
      { chat: { kind: "direct", id: "7" }, normalize: (id) => id.replace("tg:", "") },
      true,
    ],
  ])("%s", (_name, match, more, matches) => {
    const route = resolveRoute({ agents, bindings: [{ agentId: "any", match }] }, { ...facts, ...more });
    expect(route.agentId).toBe(matches ? "any" : "home");
  });
});

test("an agent that does not exist gives way to the default one, and is named", () => {
  expect(resolveRoute({ agents, bindings: [bind("ghost", {})] }, facts)).toMatchObject({
    agentId: "home",
    unknownAgentId: "ghost",
    tier: "account",
  });
});

test("the session key follows the agent, the chat and the settings", () => {
  const config: RoutingConfig = {
    agents,
    bindings: [bind("peer", { guildId: "G1" })],
    session: { dmScope: "per-channel-peer", mainKey: "hub" },
  };
  expect(resolveRoute(config, facts)).toMatchObject({
    sessionKey: "agent:peer:discord:channel:c1",
    mainSessionKey: "agent:peer:hub",
  });
  expect(resolveRoute(config, { ...facts, chat: { kind: "direct", id: "7" } }).sessionKey).toBe(
    "agent:home:discord:dm:7",
  );
  expect(
    resolveRoute(config, {
      ...facts,
      channel: "telegram",
      threadKind: "topic",
      chat: { kind: "group", id: "-1", threadId: "7" },
    }).sessionKey,
  ).toBe("agent:home:telegram:group:-1:topic:7");
});

const group = (id: string): RouteFacts => ({
  channel: "whatsapp",
  accountId: "default",
  chat: { kind: "group", id },
});

describe("broadcast", () => {
  const config: RoutingConfig = {
    agents,
    broadcast: { strategy: "sequential", "120@g.us": ["guild", "Team", "ghost", "guild"], "9": "team", "8": ["ghost"] },
  };
  test("a named peer goes to every known agent, each in a session of its own", () => {
    const { strategy, routes } = resolveRoutes(config, group("120@g.us"));
    expect(strategy).toBe("sequential");
    expect(routes.map((route) => [route.tier, route.sessionKey])).toEqual([
      ["broadcast", "agent:guild:whatsapp:group:120@g.us"],
      ["broadcast", "agent:team:whatsapp:group:120@g.us"],
    ]);
  });

  test.each(["other@g.us", "9", "8", "strategy"])("%s is routed as usual", (id) => {
    expect(resolveRoutes(config, group(id)).routes).toMatchObject([{ tier: "default", agentId: "home" }]);
  });
});
