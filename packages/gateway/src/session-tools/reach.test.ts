import type { OpenClawConfig } from "@openclaw/core/config";
import { expect, test } from "vitest";
import { mayReach } from "./reach.ts";

const main = { key: "agent:main:main", agentId: "main" };
const other = { key: "agent:main:telegram:group:1", agentId: "main", entry: undefined };
const child = { key: "agent:work:subagent:1", agentId: "work", entry: { spawnedBy: main.key } };
const stranger = { key: "agent:work:main", agentId: "work", entry: undefined };
const self = { ...main, entry: undefined };

test.each([
  ["all, the default", undefined, { self: true, child: true, other: true, stranger: false }],
  ["self", "self", { self: true, child: false, other: false, stranger: false }],
  ["tree", "tree", { self: true, child: true, other: false, stranger: false }],
  ["agent", "agent", { self: true, child: true, other: true, stranger: false }],
] as const)("visibility %s", (_name, visibility, expected) => {
  const config = { tools: { sessions: { visibility } } } as OpenClawConfig;
  const seen = { self, child, other, stranger };
  expect(
    Object.fromEntries(Object.entries(seen).map(([name, to]) => [name, mayReach({ from: main, to, config }).allowed])),
  ).toEqual(expected);
});

test.each([
  [{ enabled: true, allow: ["main", "work"] }, true, "names both"],
  [{ enabled: true, allow: ["*"] }, true, "names both"],
  [{ enabled: true, allow: ["Main", "wo*"] }, true, "names both"],
  [{ enabled: true, allow: ["work"] }, false, "does not name main"],
  [{ enabled: true, allow: ["main"] }, false, "does not name work"],
  [{ enabled: true, allow: ["main", "w"] }, false, "does not name work"],
  [{ enabled: true, allow: ["main", ""] }, false, "does not name work"],
  [{ enabled: true, allow: [] }, false, "does not name main"],
  [{ enabled: true }, false, "does not name main"],
  [{ enabled: false, allow: ["*"] }, false, "is off"],
  [undefined, false, "is off"],
])("another agent with %o: %s", (agentToAgent, allowed, reason) => {
  const decision = mayReach({ from: main, to: stranger, config: { tools: { agentToAgent } } });
  expect(decision).toEqual({ allowed, reason: expect.stringContaining(reason) as string });
});

test("agents that may talk do so no further than the visibility", () => {
  const tools = { agentToAgent: { enabled: true, allow: ["*"] }, sessions: { visibility: "agent" } };
  expect(mayReach({ from: main, to: stranger, config: { tools } as OpenClawConfig }).allowed).toBe(false);
});
