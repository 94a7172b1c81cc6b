import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSessionKey } from "./parse-session-key.ts";
import { sessionKeyFileName, transcriptFileName } from "./session-files.ts";
import {
  canonicalSessionKey,
  chatSessionKey,
  cronSessionKey,
  type DmScope,
  httpSessionKey,
  mainSessionKey,
  type SessionPeer,
  slashSessionKey,
} from "./session-key.ts";

const dm = (id: string, more: Partial<SessionPeer> = {}): SessionPeer => ({
  channel: "telegram",
  kind: "direct",
  id,
  ...more,
});

describe("keys by the grammar", () => {
  test.each<[DmScope, string]>([
    ["main", "agent:main:main"],
    ["per-peer", "agent:main:dm:42"],
    ["per-channel-peer", "agent:main:telegram:dm:42"],
    ["per-account-channel-peer", "agent:main:telegram:default:dm:42"],
  ])("direct chat, dmScope %s", (dmScope, key) => {
    expect(chatSessionKey("main", dm("42"), { dmScope })).toBe(key);
  });

  test("groups, channels, topics and threads", () => {
    const group = { channel: "telegram", kind: "group", id: "-100123" } as const;
    expect(chatSessionKey("main", group)).toBe("agent:main:telegram:group:-100123");
    expect(chatSessionKey("main", { ...group, threadId: "7", threadKind: "topic" })).toBe(
      "agent:main:telegram:group:-100123:topic:7",
    );
    expect(chatSessionKey("ops", { channel: "slack", kind: "channel", id: "C0AB", threadId: "1700.12" })).toBe(
      "agent:ops:slack:channel:c0ab:thread:1700.12",
    );
    expect(chatSessionKey("main", { channel: "whatsapp", kind: "group", id: "120363@g.us" })).toBe(
      "agent:main:whatsapp:group:120363@g.us",
    );
    expect(chatSessionKey("main", { channel: "matrix", kind: "channel", id: "!Room:example.org" })).toBe(
      "agent:main:matrix:channel:!room:example.org",
    );
    expect(chatSessionKey("main", dm("42", { threadId: "5" }))).toBe("agent:main:main:thread:5");
  });

  test("scope global swallows everything", () => {
    expect(chatSessionKey("main", dm("42"), { scope: "global" })).toBe("global");
    expect(mainSessionKey("ops", { scope: "global" })).toBe("global");
    expect(canonicalSessionKey("main", { scope: "global" })).toBe("global");
  });

  test("mainKey renames the main session and keeps main as its alias", () => {
    expect(chatSessionKey("main", dm("42"), { mainKey: "Work" })).toBe("agent:main:work");
    for (const alias of ["main", "work", "agent:main:main", "AGENT:Main:Work", ""]) {
      expect(canonicalSessionKey(alias, { mainKey: "work" })).toBe("agent:main:work");
    }
  });

  test("an identity link gives one session to one person on every channel, except with dmScope main", () => {
    const identityLinks = { alice: ["telegram:42", "discord:99"] };
    expect(chatSessionKey("main", dm("42"), { dmScope: "per-peer", identityLinks })).toBe("agent:main:dm:alice");
    expect(chatSessionKey("main", dm("99", { channel: "discord" }), { dmScope: "per-peer", identityLinks })).toBe(
      "agent:main:dm:alice",
    );
    expect(chatSessionKey("main", dm("42", { channel: "discord" }), { dmScope: "per-peer", identityLinks })).toBe(
      "agent:main:dm:42",
    );
    expect(chatSessionKey("main", dm("42"), { identityLinks })).toBe("agent:main:main");
  });

  test("a chat without an id is refused", () => {
    expect(() => chatSessionKey("main", dm(" "))).toThrow(/no chat id/);
  });
});

describe("aliases", () => {
  test.each([
    ["main", "agent:main:main"],
    ["agent:main:main", "agent:main:main"],
    ["probe1", "agent:main:probe1"],
    ["Agent:Main:Probe1", "agent:main:probe1"],
    ["hook:gmail:18c", "agent:main:hook:gmail:18c"],
    ["telegram:slash:42", "agent:main:telegram:slash:42"],
    ["global", "global"],
    ["main:thread:5", "agent:main:main:thread:5"],
  ])("%s is %s", (alias, key) => {
    expect(canonicalSessionKey(alias)).toBe(key);
  });

  test("canonical keys are fixed points, whatever a client sends", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 900 }), (text) => {
        const key = canonicalSessionKey(text);
        expect(canonicalSessionKey(key)).toBe(key);
        expect(key.length).toBeLessThan(800);
        expect(key).toMatch(/^(?:global|unknown|agent:[a-z0-9][a-z0-9_-]{0,63}:[!-~]+)$/);
      }),
    );
  });
});

describe("hostile ids", () => {
  const hostile = [
    "a:b:c",
    "x:thread:5",
    "x:topic:",
    "..",
    "../../etc/passwd",
    "🦞",
    "\u0000",
    "%3a",
    "~",
    ":",
    "a\nb",
    "\ud83d",
    "dm",
    "dm:dm",
    "x",
    "main",
    "x".repeat(10_000),
  ];
  const scopes = ["per-peer", "per-channel-peer", "per-account-channel-peer"] as const;

  test("never collide", () => {
    const accounts = [undefined, "dm", "group", "slash", "a:dm"];
    const keys = hostile.flatMap((id) => [
      ...accounts.map((accountId) =>
        chatSessionKey("main", dm(id, accountId ? { accountId } : {}), { dmScope: "per-account-channel-peer" }),
      ),
      chatSessionKey("main", dm(id), { dmScope: "per-peer" }),
      chatSessionKey("main", dm(id), { dmScope: "per-channel-peer" }),
      chatSessionKey("main", { channel: "telegram", kind: "group", id }),
      chatSessionKey("main", { channel: "telegram", kind: "channel", id }),
      chatSessionKey("main", { channel: "telegram", kind: "group", id, threadId: "5" }),
      slashSessionKey("main", "telegram", id),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(chatSessionKey("main", dm("x".repeat(10_001)), { dmScope: "per-peer" })).not.toBe(
      chatSessionKey("main", dm("x".repeat(10_000)), { dmScope: "per-peer" }),
    );
  });

  test("come back as they were from a key", () => {
    const id = fc
      .string({ unit: "binary", minLength: 1, maxLength: 15 })
      .filter((text) => text.trim() !== "" && text.toLowerCase() === text);
    fc.assert(
      fc.property(
        id,
        fc.option(id, { nil: undefined }),
        fc.constantFrom(...scopes),
        fc.constantFrom("direct", "group", "channel"),
        (peer, threadId, dmScope, kind) => {
          const parsed = parseSessionKey(
            chatSessionKey(
              "ops",
              { channel: "tg", kind, id: peer, accountId: peer, ...(threadId && { threadId }) },
              { dmScope },
            ),
          );
          expect(parsed).toMatchObject({ kind, agentId: "ops", peerId: peer, ...(threadId && { threadId }) });
          if (parsed.kind === "direct" && dmScope === "per-account-channel-peer")
            expect(parsed.accountId).toBe(peer.trim());
        },
      ),
      { numRuns: 400 },
    );
  });

  test("give file names that cannot leave their folder", () => {
    const names = hostile.map((id) => sessionKeyFileName(`agent:main:tg:group:${id}`));
    expect(new Set(names).size).toBe(names.length);
    for (const name of [...names, sessionKeyFileName(".."), ...hostile.map((id) => transcriptFileName("abc", id))]) {
      expect(name).toMatch(/^[^./\\][^/\\\0]{0,250}$/);
    }
    for (const id of ["../x", "", ".hidden", "a/b", "a..b"]) expect(() => transcriptFileName(id)).toThrow(/not valid/);
  });
});

test("the other kinds are read back", () => {
  expect(parseSessionKey("agent:main:cron:j1:run:s1")).toEqual({
    kind: "cron",
    agentId: "main",
    jobId: "j1",
    runSessionId: "s1",
  });
  expect(parseSessionKey(cronSessionKey("main", "a:run:b"))).toEqual({
    kind: "cron",
    agentId: "main",
    jobId: "a:run:b",
  });
  expect(parseSessionKey(httpSessionKey("main", "openai", { user: "bob" }))).toEqual({
    kind: "http",
    agentId: "main",
    api: "openai",
    user: "bob",
  });
  expect(parseSessionKey("agent:main:discord:slash:9")).toEqual({
    kind: "slash",
    agentId: "main",
    channel: "discord",
    userId: "9",
  });
  expect(parseSessionKey("agent:main:subagent:u")).toEqual({ kind: "subagent", agentId: "main", id: "u" });
  expect(parseSessionKey("node-ipad")).toEqual({ kind: "node", agentId: "main", nodeId: "ipad" });
  expect(parseSessionKey("agent:main:work", "work")).toEqual({ kind: "main", agentId: "main" });
  expect(parseSessionKey("agent:main:probe1")).toEqual({ kind: "other", agentId: "main", name: "probe1" });
});
