import { describe, expect, test } from "vitest";
import { isStale, lastBoundary, resetPolicyFor, resetTypeOf } from "./reset-policy.ts";
import { parseResetTrigger, takeModel } from "./reset-trigger.ts";

const at = (text: string) => Date.parse(text);

describe("which rule applies", () => {
  test.each([
    [undefined, "dm", { atHour: 4 }],
    [{ idleMinutes: 30 }, "dm", { idleMinutes: 30 }],
    [{ reset: { mode: "idle" } }, "dm", { idleMinutes: 60 }],
    [{ reset: { mode: "daily", atHour: 4, idleMinutes: 60 } }, "dm", { atHour: 4, idleMinutes: 60 }],
    [{ reset: { mode: "both", atHour: 6 } }, "dm", { atHour: 6, idleMinutes: 60 }],
    [
      { reset: { atHour: 2 }, resetByType: { group: { mode: "idle", idleMinutes: 120 } } },
      "group",
      { idleMinutes: 120 },
    ],
    [{ reset: { atHour: 2 }, resetByType: { group: { mode: "idle", idleMinutes: 120 } } }, "dm", { atHour: 2 }],
    [{ reset: { atHour: 2, idleMinutes: 9 }, resetByChannel: { discord: { mode: "daily" } } }, "dm", { atHour: 4 }],
  ] as const)("%j for %s", (settings, type, policy) => {
    expect(resetPolicyFor(settings, type, "discord")).toEqual(policy);
  });

  test("threads come before groups before direct chats", () => {
    expect(resetTypeOf({ key: "agent:main:telegram:group:1:topic:7" })).toBe("thread");
    expect(resetTypeOf({ key: "agent:main:main", threadId: "5" })).toBe("thread");
    expect(resetTypeOf({ key: "agent:main:slack:channel:c1" })).toBe("group");
    expect(resetTypeOf({ key: "agent:main:main", chatKind: "direct" })).toBe("dm");
  });
});

describe("when a session is stale", () => {
  test.each([
    ["idle, just inside", { idleMinutes: 60 }, "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", false],
    ["idle, just outside", { idleMinutes: 60 }, "2026-11-20T10:00:00Z", "2026-11-20T11:00:00.001Z", "idle"],
    ["daily, same day", { atHour: 4 }, "2026-11-20T04:00:00Z", "2026-11-21T03:59:59Z", false],
    ["daily, over the boundary", { atHour: 4 }, "2026-11-20T23:00:00Z", "2026-11-21T04:00:00Z", "daily"],
    ["both, the earlier", { atHour: 4, idleMinutes: 60 }, "2026-11-20T10:00:00Z", "2026-11-20T12:00:00Z", "idle"],
    ["clock went backwards", { atHour: 4, idleMinutes: 1 }, "2026-11-21T10:00:00Z", "2026-11-20T10:00:00Z", false],
  ] as const)("%s", (_name, policy, updatedAt, now, stale) => {
    expect(isStale({ updatedAt: at(updatedAt), now: at(now), policy, zone: "UTC" })).toBe(stale);
  });

  test.each([
    ["Tokyo", "Asia/Tokyo", 4, "2026-11-20T20:00:00Z", "2026-11-20T19:00:00Z"],
    ["New York, before four", "America/New_York", 4, "2026-11-20T08:59:00Z", "2026-11-19T09:00:00Z"],
    ["Kathmandu, 45 minutes off", "Asia/Kathmandu", 4, "2026-11-20T00:00:00Z", "2026-11-19T22:15:00Z"],
    ["Berlin, the day summer time begins", "Europe/Berlin", 4, "2026-03-29T12:00:00Z", "2026-03-29T02:00:00Z"],
    ["Berlin, the day before", "Europe/Berlin", 4, "2026-03-29T01:59:59Z", "2026-03-28T03:00:00Z"],
    ["Berlin, the day it ends", "Europe/Berlin", 4, "2026-10-25T12:00:00Z", "2026-10-25T03:00:00Z"],
    ["an hour that does not exist", "Europe/Berlin", 2, "2026-03-29T12:00:00Z", "2026-03-29T01:00:00Z"],
    ["an hour that comes twice, between both", "Europe/Berlin", 2, "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z"],
    ["Lord Howe shifts by half an hour", "Australia/Lord_Howe", 4, "2026-10-04T12:00:00Z", "2026-10-03T17:00:00Z"],
    ["midnight", "UTC", 0, "2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"],
  ])("the last boundary in %s", (_name, zone, hour, now, boundary) => {
    expect(new Date(lastBoundary(at(now), hour, zone)).toISOString()).toBe(new Date(boundary).toISOString());
  });

  test("every day of a year with two shifts has exactly one boundary", () => {
    const seen = new Set<number>();
    for (let hour = 0; hour < 365 * 24; hour += 1) {
      const now = at("2026-01-01T12:00:00Z") + hour * 3_600_000;
      const boundary = lastBoundary(now, 2, "Europe/Berlin");
      expect(boundary).toBeLessThanOrEqual(now);
      seen.add(boundary);
    }
    expect(seen.size).toBe(366);
  });
});

describe("triggers", () => {
  test.each([
    ["/new", { trigger: "/new", rest: "" }],
    ["  /NEW  ", { trigger: "/new", rest: "" }],
    ["/reset tell me\na joke", { trigger: "/reset", rest: "tell me\na joke" }],
    ["/new: hi", { trigger: "/new", rest: "hi" }],
    ["/newer", undefined],
    ["say /new", undefined],
    ["", undefined],
  ])("%j", (text, request) => {
    expect(parseResetTrigger(text)).toEqual(request);
  });

  test("configured triggers replace the defaults", () => {
    expect(parseResetTrigger("fresh start please", ["fresh start"])).toEqual({
      trigger: "fresh start",
      rest: "please",
    });
    expect(parseResetTrigger("/new", ["", "x"])).toBeUndefined();
  });

  test.each([
    ["openai/gpt-5.2 hello", "openai/gpt-5.2", "hello"],
    ["OPENAI gpt-5.2 hello  there", "openai/gpt-5.2", "hello  there"],
    ["opus", "anthropic/claude-opus-4-6", ""],
    ["anthropic opus what now", "anthropic/claude-opus-4-6", "what now"],
    ["openai", "openai/gpt-5.2", ""],
    ["claudeopus go", "anthropic/claude-opus-4-6", "go"],
    ["claude go", "anthropic/claude-opus-4-6", "go"],
    ["gpt-9 hello", undefined, "gpt-9 hello"],
    ["what is the weather", undefined, "what is the weather"],
    ["", undefined, ""],
  ])("/new %s", (rest, model, left) => {
    const taken = takeModel(rest, {
      allowed: ["anthropic/claude-opus-4-6", "openai/gpt-5.2"],
      aliases: { opus: "anthropic/claude-opus-4-6", evil: "x/y" },
    });
    expect([taken.model, taken.rest]).toEqual([model, left]);
  });
});
